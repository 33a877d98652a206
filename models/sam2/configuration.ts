/** Everything about a model of the SAM 2 family that its graphs depend on and that is not the same for all of them. */
export interface ModelConfiguration {
  readonly version: '2.0' | '2.1'
  /** Side of the square input in pixels that the weights were trained for. */
  readonly imageSize: number
  /** Per channel (red, green, blue) of value/255. */
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
  readonly trunk: HieraTrunk | MobileNetV2Trunk | RepVitTrunk
  readonly neck: NeckConfiguration
  /** Channels of image features, tokens and object pointers. */
  readonly dModel: number
  /**
   * Channels of the memory; where it equals `dModel` there is no `memory_encoder.out_proj`.
   * A pointer is split into `dModel / memoryDim` memory tokens.
   */
  readonly memoryDim: number
  /** Hidden width of the memory attention's feed-forward layers. */
  readonly feedForward: number
  readonly memoryAttentionLayers: number
  /** Spatial memories in the bank, the conditioning frame's included. */
  readonly numMaskMemories: number
  /** EdgeTAM keeps a few summary tokens of each memory; null where the whole map is kept. */
  readonly spatialPerceiver: SpatialPerceiver | null
}

/** How many tokens EdgeTAM keeps of a memory: `globalLatents` that see all of it, then one per window. */
export interface SpatialPerceiver {
  readonly globalLatents: number
  /** Windows that the map is cut into, as many across as down. */
  readonly windowLatents: number
  readonly depth: number
}

/** Hiera. Heads double and channels double from stage to stage. */
export interface HieraTrunk {
  readonly kind: 'hiera'
  /** Channels of the first stage. */
  readonly embedDim: number
  /** Heads of the first stage. */
  readonly numHeads: number
  /** Blocks per stage. */
  readonly stages: readonly [number, number, number, number]
  /** Indices, over all blocks, of those that attend to the whole map. */
  readonly globalAttentionBlocks: readonly number[]
  /** Side of the attention window per stage, in tokens. */
  readonly windowSpec: readonly [number, number, number, number]
  /** Height and width of the table of positions that is stretched over the whole map. */
  readonly windowPosEmbedBackgroundSize: readonly [number, number]
}

/** MobileNetV2 with batch norms folded into biases, ReLU6. */
export interface MobileNetV2Trunk {
  readonly kind: 'mobilenet_v2'
  /** Channels of the first convolution (3x3, stride 2). */
  readonly stem: number
  readonly stages: readonly MobileNetV2Stage[]
  /** Dilation of the first block of `stages[5]`; its other blocks have the stage's. */
  readonly firstBlockOfStage5Dilation: number
  /**
   * The largest magnitude of each block's projection and, where the block has a residual, of its sum, in order: the scales
   * of the trunk in 8 bits. They belong to weights; without them the trunk is computed at full width only.
   */
  readonly largestValues?: readonly number[]
  /** The maps that the neck takes: the last block's output of this channel count at this stride. */
  readonly taps: readonly { readonly stride: number; readonly channels: number }[]
}

/** RepViT with squeeze-and-excitation in every other block, batch norms unfused. */
export interface RepVitTrunk {
  readonly kind: 'repvit'
  /** Channels per stage, at strides 4, 8, 16 and 32. */
  readonly channels: readonly [number, number, number, number]
  /** Blocks per stage, the one that halves the map not counted. */
  readonly depths: readonly [number, number, number, number]
}

export interface MobileNetV2Stage {
  readonly expansion: number
  readonly channels: number
  readonly repeats: number
  /** Stride of the first block. */
  readonly stride: number
  readonly dilation: number
}

/** The feature pyramid. Level 0 is the finest map; `convs.0` of the checkpoint belongs to the coarsest. */
export interface NeckConfiguration {
  /** Channels that the trunk hands over, coarsest map first. */
  readonly backboneChannels: readonly number[]
  /** Levels that add the coarser level, stretched to twice its size. */
  readonly topDownLevels: readonly number[]
  /** How many of the coarsest levels are dropped. */
  readonly scalp: number
}

type OfficialSize = 'tiny' | 'small' | 'base_plus' | 'large'

/** The four trunks that Meta published. Heads, windows and global blocks leave no trace in a checkpoint's shapes. */
export const officialTrunks: Readonly<Record<OfficialSize, HieraTrunk>> = {
  tiny: {
    kind: 'hiera',
    embedDim: 96,
    numHeads: 1,
    stages: [1, 2, 7, 2],
    globalAttentionBlocks: [5, 7, 9],
    windowSpec: [8, 4, 14, 7],
    windowPosEmbedBackgroundSize: [7, 7],
  },
  small: {
    kind: 'hiera',
    embedDim: 96,
    numHeads: 1,
    stages: [1, 2, 11, 2],
    globalAttentionBlocks: [7, 10, 13],
    windowSpec: [8, 4, 14, 7],
    windowPosEmbedBackgroundSize: [7, 7],
  },
  base_plus: {
    kind: 'hiera',
    embedDim: 112,
    numHeads: 2,
    stages: [2, 3, 16, 3],
    globalAttentionBlocks: [12, 16, 20],
    windowSpec: [8, 4, 14, 7],
    windowPosEmbedBackgroundSize: [14, 14],
  },
  large: {
    kind: 'hiera',
    embedDim: 144,
    numHeads: 2,
    stages: [2, 6, 36, 4],
    globalAttentionBlocks: [23, 33, 43],
    windowSpec: [8, 4, 16, 8],
    windowPosEmbedBackgroundSize: [7, 7],
  },
}

/** The trunk of the model that ships with the app. */
export const nanoTrunk: MobileNetV2Trunk = {
  kind: 'mobilenet_v2',
  stem: 32,
  stages: [
    { expansion: 1, channels: 16, repeats: 1, stride: 1, dilation: 1 },
    { expansion: 6, channels: 24, repeats: 2, stride: 2, dilation: 1 },
    { expansion: 6, channels: 32, repeats: 3, stride: 2, dilation: 1 },
    { expansion: 6, channels: 64, repeats: 4, stride: 2, dilation: 1 },
    { expansion: 6, channels: 96, repeats: 3, stride: 1, dilation: 1 },
    { expansion: 6, channels: 160, repeats: 3, stride: 1, dilation: 2 },
    { expansion: 6, channels: 320, repeats: 1, stride: 1, dilation: 2 },
  ],
  firstBlockOfStage5Dilation: 1,
  taps: [
    { stride: 4, channels: 24 },
    { stride: 8, channels: 32 },
    { stride: 16, channels: 320 },
  ],
}

/** Channel statistics of ImageNet, which the official models were trained with. */
export const imageNetMean = [0.485, 0.456, 0.406] as const
export const imageNetStd = [0.229, 0.224, 0.225] as const

/** The neck of every official model: the coarsest of four levels only feeds level 2. */
export const officialNeck = { topDownLevels: [2, 3], scalp: 1 } as const

/** Channels that a trunk hands over, coarsest map first, as the neck lists them. */
export function neckChannels(trunk: ModelConfiguration['trunk']): number[] {
  switch (trunk.kind) {
    case 'hiera':
      return [8, 4, 2, 1].map((factor) => factor * trunk.embedDim)
    case 'mobilenet_v2':
      return trunk.taps.map((tap) => tap.channels).reverse()
    case 'repvit':
      return [...trunk.channels].reverse()
  }
}

/** The configuration of one of Meta's models. */
export function officialConfiguration(version: '2.0' | '2.1', size: OfficialSize): ModelConfiguration {
  const trunk = officialTrunks[size]
  return {
    version,
    imageSize: 1024,
    mean: imageNetMean,
    std: imageNetStd,
    trunk,
    neck: { backboneChannels: neckChannels(trunk), ...officialNeck },
    dModel: 256,
    memoryDim: 64,
    feedForward: 2048,
    memoryAttentionLayers: 4,
    numMaskMemories: 7,
    spatialPerceiver: null,
  }
}

/** The configuration of the model that ships with the app. */
export const nanoConfiguration: ModelConfiguration = {
  version: '2.1',
  imageSize: 512,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  trunk: nanoTrunk,
  neck: { backboneChannels: [320, 32, 24], topDownLevels: [2], scalp: 0 },
  dModel: 128,
  memoryDim: 64,
  feedForward: 512,
  memoryAttentionLayers: 2,
  numMaskMemories: 7,
  spatialPerceiver: null,
}

/** EdgeTAM (edgetam.yaml): RepViT-M1, and SAM 2.0's rules for pointers and absent objects. */
export const edgeTamConfiguration: ModelConfiguration = {
  version: '2.0',
  imageSize: 1024,
  mean: imageNetMean,
  std: imageNetStd,
  trunk: { kind: 'repvit', channels: [48, 96, 192, 384], depths: [2, 2, 14, 2] },
  neck: { backboneChannels: [384, 192, 96, 48], ...officialNeck },
  dModel: 256,
  memoryDim: 64,
  feedForward: 2048,
  memoryAttentionLayers: 2,
  numMaskMemories: 7,
  spatialPerceiver: { globalLatents: 256, windowLatents: 256, depth: 2 },
}

/** Cells of the map at stride 16, that of image features and unabridged memories. */
export function cellsOf({ imageSize }: Pick<ModelConfiguration, 'imageSize'>): number {
  return (imageSize / 16) ** 2
}

/** Tokens of one spatial memory, of `memoryDim` channels each. */
export function memoryTokensOf(
  configuration: Pick<ModelConfiguration, 'imageSize' | 'spatialPerceiver'>,
): number {
  const { spatialPerceiver } = configuration
  return spatialPerceiver
    ? spatialPerceiver.globalLatents + spatialPerceiver.windowLatents
    : cellsOf(configuration)
}

/** The input size must be a multiple of this, for the strides of the trunk and the windows of the perceiver. */
export function inputSizeStep({ spatialPerceiver }: Pick<ModelConfiguration, 'spatialPerceiver'>): number {
  return Math.max(32, 16 * Math.sqrt(spatialPerceiver?.windowLatents ?? 1))
}
