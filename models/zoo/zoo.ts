import { fileURLToPath } from 'node:url'
import {
  edgeTamConfiguration,
  nanoConfiguration,
  nanoTrunk,
  officialConfiguration,
  type ModelConfiguration,
} from '../sam2/configuration.ts'
import { nanoLargestValues } from './nano-largest-values.ts'

/** A model that can be had by name. */
export interface ZooModel {
  readonly name: string
  /** A shorter name that also works. */
  readonly alias?: string
  readonly title: string
  readonly parameters: number
  /** SPDX identifier; holds for the weights. */
  readonly licence: string
  readonly configuration: ModelConfiguration
  readonly weights: BundledWeights | DownloadableWeights
}

/** Weights that come with the app. */
export interface BundledWeights {
  readonly kind: 'bundled'
  /** Absolute path. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

/** Weights that are fetched on request. */
export interface DownloadableWeights {
  readonly kind: 'downloadable'
  /** Its name in the folder of models. */
  readonly fileName: string
  /** Tried in this order; all serve the same bytes. */
  readonly urls: readonly string[]
  readonly bytes: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

const nano: ZooModel = {
  name: 'nano',
  title: 'nano (small, built in)',
  parameters: 4_547_650,
  licence: 'Apache-2.0',
  configuration: {
    ...nanoConfiguration,
    trunk: { ...nanoTrunk, largestValues: nanoLargestValues },
  },
  weights: {
    kind: 'bundled',
    file: fileURLToPath(new URL('./nano/nano.pt', import.meta.url)),
    bytes: 18_285_977,
    sha256: '03550130948982c01ed4c2104db164265ec0d4eae5ab8a284ae674c8cda9976d',
  },
}

const edgeTam: ZooModel = {
  name: 'edgetam',
  title: 'EdgeTAM',
  parameters: 13_895_794,
  licence: 'Apache-2.0',
  configuration: edgeTamConfiguration,
  weights: {
    kind: 'downloadable',
    fileName: 'edgetam.pt',
    urls: [
      'https://raw.githubusercontent.com/facebookresearch/EdgeTAM/7711e012a30a2402c4eaab637bdb00a521302c91/checkpoints/edgetam.pt',
      'https://huggingface.co/facebook/EdgeTAM/resolve/main/edgetam.pt',
    ],
    bytes: 56_116_523,
    sha256: 'ed2d4850b8792c239689b043c47046ec239b6e808a3d9b6ae676c803fd8780df',
  },
}

type Size = 'tiny' | 'small' | 'base_plus' | 'large'
const sizeTitles: Readonly<Record<Size, string>> = {
  tiny: 'tiny',
  small: 'small',
  base_plus: 'base+',
  large: 'large',
}

function official(
  version: '2.0' | '2.1',
  size: Size,
  facts: { parameters: number; bytes: number; sha256: string },
): ZooModel {
  const family = version === '2.0' ? 'sam2' : 'sam2.1'
  const release = version === '2.0' ? '072824' : '092824'
  const dashed = size.replace('_', '-')
  const fileName = `${family}_hiera_${size}.pt`
  return {
    name: `${family}-${dashed}`,
    ...(version === '2.1' ? { alias: dashed } : {}),
    title: `SAM ${version === '2.0' ? '2' : version} ${sizeTitles[size]}`,
    parameters: facts.parameters,
    licence: 'Apache-2.0',
    configuration: officialConfiguration(version, size),
    weights: {
      kind: 'downloadable',
      fileName,
      urls: [
        `https://dl.fbaipublicfiles.com/segment_anything_2/${release}/${fileName}`,
        `https://huggingface.co/facebook/${family}-hiera-${dashed}/resolve/main/${fileName}`,
      ],
      bytes: facts.bytes,
      sha256: facts.sha256,
    },
  }
}

/** Every model that can be had by name, the built-in one first. */
export const zoo: readonly ZooModel[] = [
  nano,
  official('2.1', 'tiny', {
    parameters: 38_962_498,
    bytes: 156_008_466,
    sha256: '7402e0d864fa82708a20fbd15bc84245c2f26dff0eb43a4b5b93452deb34be69',
  }),
  official('2.1', 'small', {
    parameters: 46_060_354,
    bytes: 184_416_285,
    sha256: '6d1aa6f30de5c92224f8172114de081d104bbd23dd9dc5c58996f0cad5dc4d38',
  }),
  official('2.1', 'base_plus', {
    parameters: 80_850_178,
    bytes: 323_606_802,
    sha256: 'a2345aede8715ab1d5d31b4a509fb160c5a4af1970f199d9054ccfb746c004c5',
  }),
  official('2.1', 'large', {
    parameters: 224_446_642,
    bytes: 898_083_611,
    sha256: '2647878d5dfa5098f2f8649825738a9345572bae2d4350a2468587ece47dd318',
  }),
  official('2.0', 'tiny', {
    parameters: 38_945_986,
    bytes: 155_906_050,
    sha256: '65b50056e05bcb13694174f51bb6da89c894b57b75ccdf0ba6352c597c5d1125',
  }),
  official('2.0', 'small', {
    parameters: 46_043_842,
    bytes: 184_309_650,
    sha256: '95949964d4e548409021d47b22712d5f1abf2564cc0c3c765ba599a24ac7dce3',
  }),
  official('2.0', 'base_plus', {
    parameters: 80_833_666,
    bytes: 323_493_298,
    sha256: 'd0bb7f236400a49669ffdd1be617959a8b1d1065081789d7bbff88eded3a8071',
  }),
  official('2.0', 'large', {
    parameters: 224_430_130,
    bytes: 897_952_466,
    sha256: '7442e4e9b732a508f80e141e7c2913437a3610ee0c77381a66658c3a445df87b',
  }),
  edgeTam,
]

/** The model of this name, short name or published name (its file's, without `.pt`), if there is one. */
export function findZooModel(name: string, models: readonly ZooModel[] = zoo): ZooModel | undefined {
  return models.find(
    ({ name: own, alias, weights }) =>
      [own, alias].includes(name) || (weights.kind === 'downloadable' && weights.fileName === `${name}.pt`),
  )
}
