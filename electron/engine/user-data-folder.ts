/** Where settings, logs, recent and unsaved projects of this user lie, beside the downloaded models. */
export { dataFolder as userDataFolder } from '../../models/zoo/data-folder.ts'
