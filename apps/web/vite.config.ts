import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { checkTexts } from './build/check-texts.ts'
import { libraryAgent } from './build/library-agent.ts'
import { preloadTexts } from './build/preload-texts.ts'
import { serviceWorker } from './build/service-worker.ts'

export default defineConfig({
  plugins: [vue(), checkTexts(), preloadTexts(), libraryAgent(), serviceWorker()],
  define: {
    // Without the message compiler's `new Function`, which the content security policy forbids.
    __INTLIFY_JIT_COMPILATION__: true,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_OPTIONS_API__: false,
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // One file of what every page needs, of the libraries and of our own: by itself that is cut into eight, and the
        // styles of the first paint would wait in line behind them.
        codeSplitting: {
          groups: [
            {
              name: 'base',
              test: /plugin-vue:export-helper|node_modules.(?:@?vue|vue-router|vue-i18n|@intlify).|src.(?:state.index|logic.explain-error|components.(?:AppIcon|EmptyState))\b|favicon/,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': 'http://localhost:8080',
      '/posters': 'http://localhost:8080',
      '^/trending-.*': 'http://localhost:8080',
    },
  },
})
