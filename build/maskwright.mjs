#!/usr/bin/env node
// The command line. TypeScript is compiled as it is loaded, so there is no build step to forget.
import { register } from 'tsx/esm/api'

register()
await import('../electron/cli.ts')
