import * as v from 'valibot'

/** The keys of the services that titles come from. None is ever told. */

export const titleKeysAnswer = v.object({
  keys: v.array(
    v.object({
      service: v.picklist(['tmdb', 'tvdb']),
      /** Where the key comes from: the environment comes before the app. */
      source: v.picklist(['environment', 'app', 'none']),
      /** What the service says of it; null where nobody has asked. */
      state: v.nullable(v.picklist(['works', 'refused', 'unreachable'])),
      /** The setting that holds it. */
      setting: v.string(),
    }),
  ),
  /** Where keys are set: here, or by the command that deploys. */
  set_by: v.picklist(['app', 'command']),
})

export const titleKeyBody = v.strictObject({ key: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(1000)) })

export type TitleKeysAnswer = v.InferOutput<typeof titleKeysAnswer>
