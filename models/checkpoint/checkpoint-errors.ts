import { ModelError } from '../errors.ts'

/** The file is not a checkpoint, is cut short or contradicts itself. Nothing of it was used. */
export class UnreadableCheckpoint extends ModelError {
  readonly path: string

  constructor(path: string, reason: string, options?: { cause?: unknown }) {
    super('unreadable-checkpoint', `The checkpoint ${path} cannot be read: ${reason}.`, options)
    this.path = path
  }
}

/** The checkpoint's pickle asks for something that is not on the allow-list. Nothing was executed. */
export class RefusedPickle extends ModelError {
  readonly path: string
  /** What was refused, for example `os.system`. */
  readonly refused: string

  constructor(path: string, refused: string) {
    super(
      'refused-pickle',
      `The checkpoint ${path} was refused: it asks for ${refused}, which holds no weights and might run code. ` +
        `A checkpoint that holds only tensors can be opened (torch.save({"model": model.state_dict()}, path)).`,
    )
    this.path = path
    this.refused = refused
  }
}

/** The model needs a tensor that the checkpoint does not have. */
export class MissingTensor extends ModelError {
  readonly tensor: string

  constructor(path: string, tensor: string) {
    super('missing-tensor', `The checkpoint ${path} has no tensor ${tensor}, which the model needs.`)
    this.tensor = tensor
  }
}

/** A tensor has another shape or number format than the model needs. */
export class MisshapenTensor extends ModelError {
  readonly tensor: string

  constructor(path: string, tensor: string, found: string, expected: string) {
    super(
      'misshapen-tensor',
      `The tensor ${tensor} of the checkpoint ${path} has ${found}; the model needs ${expected}.`,
    )
    this.tensor = tensor
  }
}
