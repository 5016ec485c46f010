/** One thing that Cognito does, its source, and the switch for it where sources disagree. */
export interface BehaviourEntry {
  /** One sentence. */
  readonly says: string
  /** A public source: an AWS guide page, an API reference operation, a standard, or `owner/repo#n`. A semicolon separates several. */
  readonly source: string
  /** A name in QUIRKS. */
  readonly quirk?: string
}

/** Behaviours by id. An id is never renamed or reused, since test titles and the documentation contain it. */
export type BehaviourEntries = Readonly<Record<string, BehaviourEntry>>
