import { en } from './en.ts'

/** Every word of the interface in one language. A translation has this shape. */
export type Texts = typeof en

/** The words of the language in use. */
export const texts: Texts = en
