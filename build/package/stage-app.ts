import { spawnSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UNBUNDLED_PACKAGES } from '../unbundled-packages.ts'
import { NODE_PLATFORMS, type Target } from './target.ts'

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  main: z.string(),
  dependencies: z.record(z.string(), z.string()),
})
const lockSchema = z.looseObject({ packages: z.record(z.string(), z.unknown()) })

/** Sources and scripts for compiling and installing, which the app never loads. */
const INSTALL_ONLY = [
  'onnxruntime-node/script',
  '@photostructure/sqlite/src',
  '@photostructure/sqlite/binding.gyp',
  'sharp/src',
]

/**
 * Lays out the app as it is packed: the built scripts and interface, and the packages that stay unbundled, for the target alone, in
 * the versions of the lock file. All other libraries are part of the built scripts.
 * @throws Error when npm cannot bring a package
 */
export async function stageApp(root: string, target: Target, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))
  const lock = lockSchema.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')))
  const { name, version, description, license, main } = manifest
  const dependencies = Object.fromEntries(
    UNBUNDLED_PACKAGES.map((library) => [library, manifest.dependencies[library] ?? '']),
  )
  const staged = { name, version, description, license, type: 'module', private: true, main, dependencies }
  await writeJson(join(folder, 'package.json'), { ...staged, author: 'The Maskwright developers' })
  // What the staged app does not name, npm leaves out by itself.
  lock.packages[''] = { name, version, dependencies }
  await writeJson(join(folder, 'package-lock.json'), lock)

  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const installed = spawnSync(
    npm,
    [
      'ci',
      '--omit=dev',
      '--ignore-scripts',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `--os=${NODE_PLATFORMS[target.system]}`,
      `--cpu=${target.arch}`,
      ...(target.system === 'linux' ? ['--libc=glibc'] : []),
    ],
    { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' },
  )
  if (installed.status !== 0) throw new Error(`npm could not bring the packages into ${folder}.`)
  await rm(join(folder, 'package-lock.json'))
  await dropForeignFiles(join(folder, 'node_modules'), target)
  await cp(join(root, 'out'), join(folder, 'out'), {
    recursive: true,
    // A package has licences of its own, beside the archive.
    filter: (path) => !/(built-from|-packages\.json|\.map|renderer.licences\.html)$/.test(path),
  })
}

/** onnxruntime-node and @photostructure/sqlite carry every system's binaries: the target's alone stay. */
async function dropForeignFiles(modules: string, { system, arch }: Target): Promise<void> {
  const platform = NODE_PLATFORMS[system]
  const runtime = join(modules, 'onnxruntime-node', 'bin', 'napi-v6')
  await keepOnly(runtime, platform)
  await keepOnly(join(runtime, platform), arch)
  await keepOnly(join(modules, '@photostructure', 'sqlite', 'prebuilds'), `${platform}-${arch}`)
  await keepOnly(join(modules, '@fontsource', 'inter', 'files'), /-500-normal\.woff$/)
  for (const path of INSTALL_ONLY) await rm(join(modules, path), { recursive: true, force: true })
  for (const entry of await readdir(modules, { recursive: true, withFileTypes: true })) {
    const isIdle = /\.(map|d\.[cm]?ts|[cm]?ts|md|markdown|test\.[cm]?js)$|^(tests?|__tests__)$/i.test(
      entry.name,
    )
    // What libvips is built from stands in the README of sharp's packages.
    const isLicence =
      /licen[cs]e|notice/i.test(entry.name) ||
      (entry.name === 'README.md' && /@img.sharp-[^/\\]+$/.test(entry.parentPath))
    if (isIdle && !isLicence) await rm(join(entry.parentPath, entry.name), { recursive: true, force: true })
  }
}

async function keepOnly(folder: string, kept: string | RegExp): Promise<void> {
  const isKept = (name: string): boolean => (typeof kept === 'string' ? name === kept : kept.test(name))
  const entries = await readdir(folder)
  if (!entries.some(isKept)) throw new Error(`${folder} has nothing for ${String(kept)}.`)
  for (const entry of entries) if (!isKept(entry)) await rm(join(folder, entry), { recursive: true })
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`)
}
