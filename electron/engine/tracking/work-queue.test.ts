import { expect, test } from 'vitest'
import { PRIORITY, WorkQueue } from './work-queue.ts'

test('does one piece at a time, the most urgent first, equally urgent ones in order', async () => {
  const queue = new WorkQueue()
  const order: string[] = []
  let atWork = 0
  const work = (name: string) => async () => {
    expect(++atWork).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 1))
    order.push(name)
    atWork--
    return name
  }
  const answers = await Promise.all([
    queue.add(PRIORITY.run, work('run 1')),
    queue.add(PRIORITY.run, work('run 2')),
    queue.add(PRIORITY.idle, work('idle')),
    queue.add(PRIORITY.click, work('click 1')),
    queue.add(PRIORITY.preview, work('preview')),
    queue.add(PRIORITY.click, work('click 2')),
  ])
  expect(order).toEqual(['run 1', 'click 1', 'click 2', 'preview', 'run 2', 'idle'])
  expect(answers).toEqual(['run 1', 'run 2', 'idle', 'click 1', 'preview', 'click 2'])
})

test('a piece that fails does not hold up the others', async () => {
  const queue = new WorkQueue()
  const failing = queue.add(PRIORITY.click, () => Promise.reject(new Error('no')))
  const next = queue.add(PRIORITY.click, () => Promise.resolve(1))
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe(1)
})
