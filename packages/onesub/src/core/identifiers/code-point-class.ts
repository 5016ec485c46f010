/** What the pinned table tells of a code point beyond ASCII: whether it may stand in an identifier, and which way it runs. */
export const CodePointClass = {
  refused: 0,
  plain: 1,
  mark: 2,
  markRightToLeft: 3,
  rightToLeft: 4,
  arabicNumber: 5,
  europeanNumber: 6,
} as const
