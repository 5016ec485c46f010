export { createFailingRegistry, type FailingRegistry, type Failure, type RegistryMethod } from './failing-registry.ts'
export type {
  ContractCase,
  EmptyStore,
  LateRegistry,
  StoreDescription,
  StoreFeature,
  StoreOptions,
  TestedRegistry,
} from './store-contract/description.ts'
export { storeContract } from './store-contract/index.ts'
export {
  type CognitoTriggerEvent,
  createTriggerEvents,
  type TriggerEventOptions,
  type TriggerEvents,
  type TriggerEventsOptions,
  type TriggerRequest,
  type TriggerResponse,
} from './trigger-events.ts'
