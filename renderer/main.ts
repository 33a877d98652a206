import './client/strict-schemas.ts'
import './styles/fonts.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { useActions } from './actions/action-table.ts'
import { connectNativeMenu } from './actions/application-menu.ts'
import { leaveButtonsAfterMouse } from './actions/mouse-focus.ts'
import { listenToShortcuts } from './actions/shortcuts.ts'
import { clientForThisHost, setClient } from './client/current-client.ts'
import StudioWindow from './shell/studio-window.vue'
import { useExports } from './stores/exports.ts'
import { useModels } from './stores/models.ts'

setClient(clientForThisHost())
const app = createApp(StudioWindow).use(createPinia())
// All stores stand before the line opens, so that none misses the first project.
useActions()
useExports()
useModels()
listenToShortcuts(window)
leaveButtonsAfterMouse(window)
if (window.maskwrightHost !== undefined) connectNativeMenu(window.maskwrightHost)
app.mount('#app')
