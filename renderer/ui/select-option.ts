/** One line of a select. */
export interface SelectOption<Value> {
  readonly value: Value
  readonly label: string
  /** Shown while it is chosen, instead of the label. */
  readonly shown?: string
  /** Said in small print behind the label. */
  readonly note?: string
  readonly disabled?: boolean
}
