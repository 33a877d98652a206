import './client/strict-schemas.ts'
import './styles/tokens.css'
import './styles/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { useActions } from './actions/action-table.ts'
import { listenToShortcuts } from './actions/shortcuts.ts'
import { clientForThisHost, setClient } from './client/current-client.ts'
import StudioWindow from './shell/studio-window.vue'

setClient(clientForThisHost())
const app = createApp(StudioWindow).use(createPinia())
// All stores stand before the line opens, so that none misses the first project.
useActions()
listenToShortcuts(window)
app.mount('#app')
