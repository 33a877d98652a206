import type { Component } from 'vue'

export type ActionGroup = 'file' | 'edit' | 'object' | 'prompt' | 'track' | 'play' | 'view' | 'help'

/** Something the person can do, wherever it is offered: menu, key, button, help sheet, command palette. */
export interface Action {
  readonly id: string
  readonly group: ActionGroup
  readonly title: string
  /** Default keys as tinykeys reads them, by `KeyboardEvent.code`; the first one is shown. */
  readonly keys: readonly string[]
  readonly icon?: Component
  /** Left out of menus and the palette: one of a row of like keys. */
  readonly onlyKeys?: boolean
  /** Starts a new section of its menu. */
  readonly startsSection?: boolean
  /** May be repeated by holding the key down. */
  readonly repeats?: boolean
  enabled(): boolean
  /** For actions that switch something: whether it is on. */
  checked?(): boolean
  run(): unknown
}

/** An action as a group's file writes it; words come from the texts. */
export type ActionDefinition = Omit<Action, 'title' | 'group' | 'keys'> & {
  readonly title?: string
  readonly keys?: readonly string[]
}
