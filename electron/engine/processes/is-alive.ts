/** Whether a process of this machine runs. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // Another user's process cannot be asked, but is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
