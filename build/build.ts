// `npm run build`: builds the app into `out`, unless that is as new as the sources.
import { buildApp } from './build-app.ts'

await buildApp()
