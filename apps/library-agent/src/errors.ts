/** What the exit codes mean. */
export const EXIT = {
  done: 0,
  /** The network, a server's fault, a library that could not be read whole. */
  failed: 1,
  /** Wrong use, or a setting that a server does not accept. */
  usage: 2,
  /** Stellarr wants the admin's word first: the library would shrink. */
  refused: 3,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A failure that is told in one line. */
export class AgentError extends Error {
  readonly exit: ExitCode

  /** @param message one line for people, which names the option concerned */
  constructor(exit: ExitCode, message: string) {
    super(message)
    this.exit = exit
  }
}

/** Thrown by whatever was under way when the agent was told to end. */
export class Stopped extends Error {}
