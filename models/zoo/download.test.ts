import { spawnSync } from 'node:child_process'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DownloadCancelled,
  DownloadFailed,
  DownloadInProgress,
  FolderUnusable,
  NotEnoughDiskSpace,
} from './download-errors.ts'
import { lockDownload } from './download-lock.ts'
import { download, type DownloadProgress, type DownloadRequest } from './download.ts'
import {
  answers,
  beginPart,
  closeMirrors,
  content,
  cutsAfter,
  patience,
  serve,
  serves,
  sha256,
  stallsAfter,
  wantedStart,
  wrongContent,
  type Behaviour,
  type Mirror,
} from './mirror-fixture.ts'

let folder = ''
let file = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-download-'))
  file = join(folder, 'models', 'some.pt')
})
afterEach(async () => {
  await closeMirrors()
  await rm(folder, { recursive: true })
})

function request(mirrors: Mirror[], more: Partial<DownloadRequest> = {}): DownloadRequest {
  return { urls: mirrors.map(({ url }) => url), file, bytes: content.length, sha256, patience, ...more }
}

async function expectComplete(): Promise<void> {
  expect((await readFile(file)).equals(content)).toBe(true)
  expect(await readdir(join(folder, 'models'))).toEqual(['some.pt'])
}

describe('download', () => {
  it('fetches, checks, names the file and says how far it is', async () => {
    const mirror = await serve(serves(content))
    const heard: DownloadProgress[] = []
    await download(request([mirror], { onProgress: (progress) => heard.push(progress) }))
    await expectComplete()
    expect(heard.at(-1)).toEqual({ phase: 'checking', doneBytes: content.length, totalBytes: content.length })
    expect(heard).toContainEqual({
      phase: 'downloading',
      doneBytes: content.length,
      totalBytes: content.length,
    })
  })

  it('keeps a file that is there and right', async () => {
    const mirror = await serve(serves(content))
    await download(request([mirror]))
    await download(request([mirror]))
    expect(mirror.requests).toHaveLength(1)
  })

  it('replaces a file that is there and wrong', async () => {
    const mirror = await serve(serves(content))
    await download(request([mirror]))
    await writeFile(file, wrongContent)
    await download(request([mirror]))
    await expectComplete()
  })

  it('goes on where a broken connection stopped, if the file is still the same', async () => {
    const mirror = await serve(cutsAfter(150_000), cutsAfter(100_000), serves(content))
    await download(request([mirror]))
    await expectComplete()
    const [first, second, third] = mirror.requests
    expect(first!.headers.range).toBeUndefined()
    expect(wantedStart(second!)).toBeGreaterThan(0)
    expect(second!.headers['if-range']).toBe('"v1"')
    expect(wantedStart(third!)).toBeGreaterThan(wantedStart(second!))
  })

  it('breaks off a connection that stalls, before and after the first byte', async () => {
    const silent: Behaviour = () => undefined
    const mirror = await serve(silent, stallsAfter(100_000), serves(content))
    await download(request([mirror]))
    await expectComplete()
    expect(mirror.requests).toHaveLength(3)
    expect(wantedStart(mirror.requests[2]!)).toBe(100_000)
  })

  it('goes on after the process was ended', async () => {
    const stops = await serve(stallsAfter(120_000))
    const stop = new AbortController()
    const stopped = download(
      request([stops], {
        signal: stop.signal,
        patience: { ...patience, stallMs: 60_000 },
      }),
    )
    await expect.poll(() => statSync(`${file}.partial`, { throwIfNoEntry: false })?.size).toBe(120_000)
    stop.abort()
    await expect(stopped).rejects.toThrow(DownloadCancelled)
    expect(existsSync(file)).toBe(false)
    const gone = spawnSync(process.execPath, ['-e', '']).pid
    await writeFile(`${file}.lock`, String(gone))

    const mirror = await serve(serves(content))
    await download(request([mirror]))
    await expectComplete()
    expect(wantedStart(mirror.requests[0]!)).toBe(120_000)
  })

  it('checks a complete part without asking the server', async () => {
    const mirror = await serve(answers(500))
    await expect(download(request([mirror]))).rejects.toThrow(DownloadFailed)
    await writeFile(`${file}.partial`, content)
    const asked = mirror.requests.length
    await download(request([mirror]))
    await expectComplete()
    expect(mirror.requests).toHaveLength(asked)
  })

  it('starts over with a server that ignores ranges', async () => {
    const ignores: Behaviour = (_, response) => {
      response.writeHead(200, { 'content-length': content.length }).end(content)
    }
    const mirror = await serve(cutsAfter(150_000), ignores)
    await download(request([mirror]))
    await expectComplete()
  })

  it.each([
    ['another part', 206, { 'content-range': `bytes 0-9/${content.length}`, 'content-length': '10' }],
    ['that there is no such part', 416, {}],
  ])('starts over with a server that answers a range with %s', async (_, status, headers) => {
    const odd: Behaviour = (asked, response) => {
      if (asked.headers.range === undefined) return serves(content)(asked, response)
      response.writeHead(status, headers).end(status === 206 ? content.subarray(0, 10) : undefined)
    }
    const mirror = await serve(cutsAfter(150_000), odd)
    await download(request([mirror]))
    await expectComplete()
  })

  it('uses the next mirror when one lacks the file, lies about its length or serves wrong bytes', async () => {
    const lacks = await serve(answers(404))
    const short = await serve(serves(content.subarray(0, 300_000)))
    const wrong = await serve(serves(wrongContent))
    const right = await serve(serves(content))
    await download(request([lacks, short, wrong, right], { patience: { ...patience, maxFailures: 6 } }))
    await expectComplete()
    for (const mirror of [lacks, short, wrong]) expect(mirror.requests).toHaveLength(1)
  })

  it('starts over when a mirror completed what another had begun with wrong bytes', async () => {
    const begins = await serve((asked, response) => {
      const start = beginPart(asked, response, wrongContent)
      response.write(wrongContent.subarray(start, 300_000), () => response.destroy())
    }, answers(404))
    const completes = await serve(serves(content))
    await download(request([begins, completes]))
    await expectComplete()
    expect(completes.requests.map(wantedStart)).toEqual([expect.any(Number), 0])
  })

  it('never gives wrong bytes the name, and keeps none of them', async () => {
    const mirror = await serve(serves(wrongContent))
    await expect(download(request([mirror]))).rejects.toThrow(/sent other bytes than the published file has/)
    expect(await readdir(join(folder, 'models'))).toEqual([])
  })

  it('refuses a body that goes on after its end, and one that ends early', async () => {
    const longer = await serve((_, response) => response.end(Buffer.concat([content, content])))
    const more = await serve((_, response) => {
      response.write(content)
      response.end('more')
    })
    await expect(download(request([longer]))).rejects.toThrow(/instead of 400000|sent more than the file/)
    await expect(download(request([more]))).rejects.toThrow(/sent more than the file/)
    const early = await serve((_, response) => {
      response.write(content.subarray(0, 1000))
      response.end()
    })
    file = join(folder, 'models', 'other.pt')
    await expect(download(request([early]))).rejects.toThrow(/stopped before the end/)
    expect(existsSync(file)).toBe(false)
  })

  it('waits as long as a busy server asks', async () => {
    const mirror = await serve(answers(503, { 'retry-after': '1' }), serves(content))
    const start = performance.now()
    await download(request([mirror]))
    expect(performance.now() - start).toBeGreaterThan(990)
    await expectComplete()
  })

  it('gives up after some failures in a row and says why, each reason once', async () => {
    const mirror = await serve(answers(500))
    const failure = await download(request([mirror])).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(DownloadFailed)
    expect((failure as Error).message.match(/answered 500/g)).toHaveLength(1)
    // What a server says in words goes to no terminal.
    expect((failure as Error).message).not.toContain('Internal Server Error')
    expect(mirror.requests).toHaveLength(4)
  })

  it('gives up on a server that sends a little and breaks each time', async () => {
    const mirror = await serve(cutsAfter(100))
    await expect(download(request([mirror]))).rejects.toThrow(DownloadFailed)
    expect(mirror.requests.length).toBeLessThanOrEqual(4)
  })

  it.each([
    ['another part', 206],
    ['that there is no such part', 416],
  ])(
    'gives up on a server that breaks half way and then answers with %s, again and again',
    async (_, status) => {
      const odd: Behaviour = (asked, response) => {
        if (asked.headers.range === undefined) return cutsAfter(200_000)(asked, response)
        const headers = { 'content-range': `bytes 0-9/${content.length}`, 'content-length': '10' }
        response
          .writeHead(status, status === 206 ? headers : {})
          .end(status === 206 ? content.subarray(0, 10) : '')
      }
      const mirror = await serve(odd)
      await expect(download(request([mirror]))).rejects.toThrow(DownloadFailed)
      expect(mirror.requests.length).toBeLessThan(10)
    },
  )

  it('gives up on mirrors that serve the same wrong bytes, one after the other', async () => {
    const cuts = await serve((asked, response) => {
      const start = beginPart(asked, response, wrongContent)
      response.write(wrongContent.subarray(start, 300_000), () => response.destroy())
    })
    const completes = await serve(serves(wrongContent))
    await expect(download(request([cuts, completes]))).rejects.toThrow(DownloadFailed)
    expect(cuts.requests.length + completes.requests.length).toBeLessThan(10)
  })

  it('breaks off a connection that only drips', async () => {
    const drips: Behaviour = (asked, response) => {
      let at = beginPart(asked, response, content)
      const drop = setInterval(() => response.write(content.subarray(at, ++at)), 20)
      response.on('close', () => clearInterval(drop))
    }
    const mirror = await serve(drips, serves(content))
    await download(request([mirror]))
    expect(mirror.requests).toHaveLength(2)
  })

  it.each([
    [
      'a web page',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
      'web page',
    ],
    [
      'itself as the new address',
      (_, response) => response.writeHead(302, { location: '/some.pt' }).end(),
      'without end',
    ],
    [
      'a file of this machine',
      (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      'without end',
    ],
  ] satisfies [string, Behaviour, string][])(
    'says of a server that answers with %s',
    async (_, behaviour, says) => {
      const mirror = await serve(behaviour)
      await expect(download(request([mirror]))).rejects.toThrow(says)
      expect(existsSync(`${file}.partial`)).toBe(false)
    },
  )

  it('says that nobody listens, and that a folder cannot be', async () => {
    const gone = await serve()
    await closeMirrors()
    const urls = [gone.url]
    await expect(download({ ...request([]), urls })).rejects.toThrow('refused the connection')
    await writeFile(join(folder, 'a-file'), '')
    const below = join(folder, 'a-file', 'some.pt')
    await expect(download({ ...request([]), urls, file: below })).rejects.toThrow(FolderUnusable)
  })

  it('does not begin what the disk has no room for', async () => {
    const mirror = await serve(serves(content))
    await expect(download(request([mirror], { bytes: 1e18 }))).rejects.toThrow(NotEnoughDiskSpace)
    expect(mirror.requests).toHaveLength(0)
  })

  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'keeps what came when the disk fills up meanwhile, and goes on later',
    async ({ skip }) => {
      const disk = join(folder, 'disk')
      await mkdir(disk)
      if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'none', disk]).status !== 0)
        skip('no mounts here')
      try {
        file = join(disk, 'some.pt')
        const filler = join(disk, 'filler')
        const fills: Behaviour = (asked, response) => {
          writeFileSync(filler, Buffer.alloc(300_000))
          serves(content)(asked, response)
        }
        const mirror = await serve(fills, serves(content))
        // Not even a lock has room; none is left that would keep the next try waiting.
        expect(() => writeFileSync(filler, Buffer.alloc(600_000))).toThrow('ENOSPC')
        await expect(download(request([mirror]))).rejects.toThrow(NotEnoughDiskSpace)
        expect(existsSync(`${file}.lock`)).toBe(false)
        await rm(filler)
        await expect(download(request([mirror]))).rejects.toThrow(NotEnoughDiskSpace)
        expect(existsSync(file)).toBe(false)
        await rm(filler)
        await download(request([mirror]))
        expect((await readFile(file)).equals(content)).toBe(true)
        expect(wantedStart(mirror.requests[1]!)).toBeGreaterThan(0)
      } finally {
        spawnSync('umount', [disk])
      }
    },
  )

  it('stops at once when it is told to while it waits', async () => {
    const mirror = await serve(answers(503, { 'retry-after': '60' }))
    const stop = new AbortController()
    const stopped = download(request([mirror], { signal: stop.signal }))
    setTimeout(() => stop.abort(), 100)
    await expect(stopped).rejects.toThrow(DownloadCancelled)
  })

  it('lets one alone take over what a dead process left, however many look at once', async () => {
    const gone = String(spawnSync(process.execPath, ['-e', '']).pid)
    await mkdir(dirname(file), { recursive: true })
    for (let round = 0; round < 100; round++) {
      await writeFile(`${file}.lock`, gone)
      const locks = await Promise.allSettled(Array.from({ length: 8 }, () => lockDownload(file)))
      const held = locks.flatMap((lock) => (lock.status === 'fulfilled' ? [lock.value] : []))
      expect(held).toHaveLength(1)
      for (const release of held) await release()
    }
    expect(existsSync(`${file}.lock.over`)).toBe(false)
  })

  it('runs once per file, and takes over what a dead or silent process left', async () => {
    const mirror = await serve(stallsAfter(10), serves(content))
    const first = download(request([mirror], { patience: { ...patience, stallMs: 900 } }))
    await expect.poll(() => mirror.requests.length).toBe(1)
    await expect(download(request([mirror]))).rejects.toThrow(DownloadInProgress)
    await first
    await expectComplete()

    await rm(file)
    await writeFile(`${file}.lock`, String(process.pid))
    await expect(download(request([mirror]))).rejects.toThrow(DownloadInProgress)
    const longAgo = new Date(Date.now() - 120_000)
    await utimes(`${file}.lock`, longAgo, longAgo)
    await download(request([mirror]))
    await expectComplete()
  })
})
