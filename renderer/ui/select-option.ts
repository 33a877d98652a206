/** One line of a select. */
export interface SelectOption<Value> {
  readonly value: Value
  readonly label: string
  /** Said in small print behind the label. */
  readonly note?: string
  readonly disabled?: boolean
}
