import { mount, type VueWrapper } from '@vue/test-utils'
import type { Component } from 'vue'
import type { OpenStudio } from './open-studio.ts'

/** For tests: mounts a component of the studio into the page, over the stores of an open studio. */
export function mountStudio(
  component: Component,
  studio: OpenStudio,
  props: Record<string, unknown> = {},
): VueWrapper {
  return mount(component, { props, attachTo: document.body, global: { plugins: [studio.pinia] } })
}

/** What a dialog or menu shows lies outside of the component that opened it. */
export function onPage(selector: string): HTMLElement[] {
  return [...document.body.querySelectorAll<HTMLElement>(selector)]
}

/** The button on the page whose words or accessible name these are. */
export function buttonCalled(name: string): HTMLButtonElement {
  const found = onPage('button').find(
    (button) => (button.getAttribute('aria-label') ?? button.textContent.trim()) === name,
  )
  if (found === undefined) throw new Error(`There is no button ${name}`)
  return found as HTMLButtonElement
}
