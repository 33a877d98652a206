import { buildApp } from '../../build/build-app.ts'

/** The suite runs on the app as `npm start` builds it. */
export default async function buildBefore(): Promise<void> {
  await buildApp()
}
