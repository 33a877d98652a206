import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { checkedKey, isKey, reaching, type ResultStore } from './result-store.ts'

/** A service that says nothing for so long is taken for away. */
const silenceMs = 60_000
const connectMs = 10_000

/**
 * A store in an S3 bucket. Values are written with `If-None-Match: *`, which makes the service refuse a name that is
 * taken. Credentials, region and endpoint come from the surroundings as the SDK reads them (`AWS_...`).
 * @param prefix put before every name; empty or ending in a slash
 */
export function openS3Store(bucket: string, prefix: string, configuration: S3ClientConfig = {}): ResultStore {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env
  const client = new S3Client({
    // Servers other than Amazon's have no address of its own for each bucket.
    forcePathStyle: (AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL) !== undefined,
    requestHandler: { connectionTimeout: connectMs, socketTimeout: silenceMs },
    ...configuration,
  })
  const address = `s3://${bucket}/${prefix}`
  const reach = <Value>(action: () => Promise<Value>): Promise<Value> =>
    reaching(address, () => action().catch(nameStatus))
  const placeOf = (key: string): { Bucket: string; Key: string } => ({
    Bucket: bucket,
    Key: prefix + checkedKey(key),
  })

  async function putOnce(key: string, body: Uint8Array | Readable, length: number): Promise<boolean> {
    try {
      await client.send(
        new PutObjectCommand({ ...placeOf(key), Body: body, ContentLength: length, IfNoneMatch: '*' }),
      )
      return true
    } catch (error) {
      if (statusOf(error) === 412) return false
      throw error
    }
  }

  const has = (key: string): Promise<boolean> =>
    reach(
      async () => (await client.send(new HeadObjectCommand(placeOf(key))).catch(nullWhereMissing)) !== null,
    )

  return {
    address,
    has,
    get: (key) =>
      reach(async () => {
        const found = await client.send(new GetObjectCommand(placeOf(key))).catch(nullWhereMissing)
        return found?.Body === undefined ? null : found.Body.transformToByteArray()
      }),
    put: (key, bytes) => reach(() => putOnce(key, bytes, bytes.byteLength)),
    putFile: async (key, path) => {
      // A long upload for nothing is worth one question.
      if (await has(key)) return false
      return reach(async () => putOnce(key, createReadStream(path), (await stat(path)).size))
    },
    getFile: (key, path) =>
      reach(async () => {
        const found = await client.send(new GetObjectCommand(placeOf(key))).catch(nullWhereMissing)
        if (found?.Body === undefined) return false
        const unfinished = `${path}.part`
        try {
          await pipeline(found.Body as Readable, createWriteStream(unfinished))
          await rename(unfinished, path)
        } finally {
          await rm(unfinished, { force: true })
        }
        return true
      }),
    list: (start) =>
      reach(async () => {
        const keys: string[] = []
        let token: string | undefined
        do {
          const page = await client.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: `${prefix}${checkedKey(start)}/`,
              ContinuationToken: token,
            }),
          )
          for (const { Key } of page.Contents ?? [])
            if (Key !== undefined) keys.push(Key.slice(prefix.length))
          token = page.NextContinuationToken
        } while (token !== undefined)
        return keys.filter(isKey).sort()
      }),
    delete: (key) =>
      reach(async () => {
        await client.send(new DeleteObjectCommand(placeOf(key)))
      }),
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
}

function nullWhereMissing(error: unknown): null {
  // A bucket that is not there answers 404 as well, by another name.
  if (statusOf(error) === 404 && (error as Error).name !== 'NoSuchBucket') return null
  throw error
}

/** The SDK has no words for an answer that names no error. */
function nameStatus(error: unknown): never {
  const status = statusOf(error)
  if (status === undefined || (error as Error).name !== 'Unknown') throw error
  throw new Error(`it answered with status ${status}`, { cause: error })
}
