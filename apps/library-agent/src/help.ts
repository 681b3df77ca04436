/** The text of --help. */
export const HELP = `library-agent: reads a Plex, Jellyfin or Emby library and sends it to Stellarr.

  node library-agent.mjs --stellarr http://nas:8080 --plex http://nas:32400

Where from and where to (option, or variable in the environment)
  --stellarr URL    STELLARR_URL       Stellarr's address
  --token TOKEN     SYNC_TOKEN         its sync token; better in the environment, where
                                       other users of the machine cannot see it
  --plex URL        PLEX_URL           with PLEX_TOKEN in the environment
  --jellyfin URL    JELLYFIN_URL       with JELLYFIN_API_KEY in the environment
  --emby URL        EMBY_URL           with EMBY_API_KEY in the environment

What and how
  --libraries A,B   only these libraries (default: all with movies or series)
  --dry-run         reads and shows what would be sent; sends nothing
  --confirm         lets Stellarr's list shrink by more than half (with --watch: in the first run)
  --watch [MIN]     runs again and again, MIN minutes apart (default 60)
  --timeout SEC     how long to wait for each answer (default 60, at most 300)
  --help            this text
  --version         the version

Ends with 0 when done, 1 when something failed, 2 for a wrong option or setting, 3 when Stellarr
refused a library that has shrunk (see --confirm). A library that cannot be read whole is not sent.`
