// An application has these in its build; here the test says them before the page loads.
const { settings } = Object(globalThis)

export const domain = String(settings.domain)
export const userPoolId = String(settings.userPoolId)
export const clientId = String(settings.clientId)
export const redirectUris: readonly string[] = [settings.redirectUris].flat().map(String)
export const logoutUri = String(settings.logoutUri)
/** In tests and on a developer's machine; undefined in production. */
export const emulator: string | undefined = settings.emulator
/** What `Amplify.configure` takes; undefined for the pages that go without Amplify. */
export const amplifyConfig = settings.amplifyConfig
