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
