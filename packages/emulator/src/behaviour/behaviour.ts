/** One thing Cognito does, where that is known from, and the switch that turns it, if sources disagree. */
export interface BehaviourEntry {
  /** One sentence. */
  readonly says: string
  /** Public: an AWS guide page, an API reference operation, a standard, or `owner/repo#n`; several by semicolon. */
  readonly source: string
  /** A name in QUIRKS. */
  readonly quirk?: string
}

/** Behaviours by id; an id is never renamed or reused, since test titles and the documentation carry it. */
export type BehaviourEntries = Readonly<Record<string, BehaviourEntry>>
