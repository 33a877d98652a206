/** Where settings, logs, recent and unsaved projects of this user lie, and downloaded models in a folder beside them. */
export { dataFolder as userDataFolder, modelFolder as userModelFolder } from '../../models/zoo/data-folder.ts'
