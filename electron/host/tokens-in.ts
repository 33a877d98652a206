import { fileTokenSchema } from '../contract/scalars.ts'

/** Longest text that can be a token; masks and other long texts are passed over unread. */
const LONGEST_TOKEN = 64

/** Every text in the parameters of a call that has the form of a file token, wherever it stands. */
export function tokensIn(params: unknown): string[] {
  if (typeof params === 'string') {
    return params.length <= LONGEST_TOKEN && fileTokenSchema.safeParse(params).success ? [params] : []
  }
  if (typeof params !== 'object' || params === null) return []
  return Object.values(params).flatMap(tokensIn)
}
