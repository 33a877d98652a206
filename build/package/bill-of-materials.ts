import { execFileSync } from 'node:child_process'
import { z } from 'zod'
import type { PackedLibrary } from './packed-libraries.ts'

const billSchema = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.looseObject({ component: z.looseObject({ name: z.string() }) }),
  components: z.array(z.looseObject({ 'bom-ref': z.string(), name: z.string(), version: z.string() })),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
})

/** Parts that npm does not know. */
export interface ForeignPart {
  readonly name: string
  readonly version: string
  readonly licence: string
  /** As CycloneDX names kinds of components. */
  readonly kind: 'application' | 'framework' | 'library'
  /** Where the name is one of a registry: a package URL. */
  readonly packageUrl?: string
}

/**
 * The package's bill of materials (CycloneDX), npm's own without what is not packed.
 * @throws Error when npm writes none
 */
export function billOfMaterials(
  root: string,
  libraries: readonly PackedLibrary[],
  foreign: readonly ForeignPart[],
): string {
  const command = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only']
  const windows = process.platform === 'win32'
  const written = execFileSync(windows ? 'npm.cmd' : 'npm', command, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    shell: windows,
  })
  const bill = billSchema.parse(JSON.parse(written))
  const packed = new Set(libraries.map(({ name, version }) => `${name}@${version}`))
  const components = bill.components.filter(({ name, version }) => packed.has(`${name}@${version}`))
  // npm calls the project by its folder.
  bill.metadata.component.name = 'maskwright'
  const kept = new Set(components.map((component) => component['bom-ref']))
  const others = foreign.map(({ name, version, licence, kind, packageUrl }) => ({
    'bom-ref': `${name}@${version}`,
    type: kind,
    name,
    version,
    licenses: [{ license: { name: licence } }],
    ...(packageUrl === undefined ? {} : { purl: packageUrl }),
  }))
  const dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map((entry) => ({ ...entry, dependsOn: entry.dependsOn.filter((ref) => kept.has(ref)) }))
  return `${JSON.stringify({ ...bill, components: [...components, ...others], dependencies }, null, 2)}\n`
}
