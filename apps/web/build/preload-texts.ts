import { LANGUAGES } from '@stellarr/core/rules'
import type { Plugin } from 'vite'

/** Where the script that runs first finds the files of texts, by language. */
const SCRIPT = '<script src="/boot.js">'

/**
 * The page with those addresses on its first script, and the languages that trending files are kept in. Throws when it
 * has no such script.
 */
export function withTexts(html: string, files: Record<string, string>): string {
  if (!html.includes(SCRIPT)) throw new Error(`index.html: expected ${SCRIPT}`)
  const attribute = JSON.stringify(files).replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  const catalogue = LANGUAGES.join(' ')
  return html.replace(SCRIPT, SCRIPT.replace('>', ` data-texts="${attribute}" data-catalogue="${catalogue}">`))
}

/** Lets the first script fetch the texts of the chosen language beside the app, not after it: their names hold hashes. */
export function preloadTexts(): Plugin {
  return {
    name: 'preload-texts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const files: Record<string, string> = {}
        for (const chunk of Object.values(bundle)) {
          const source = chunk.type === 'chunk' ? (chunk.facadeModuleId ?? '') : ''
          const language = /[/\\]locales[/\\]([\w-]+)\.json$/.exec(source)?.[1]
          if (language !== undefined) files[language] = `/${chunk.fileName}`
        }
        return withTexts(html, files)
      },
    },
  }
}
