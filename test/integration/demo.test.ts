import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countsOf } from '../../packages/cli/src/demo/count.ts'
import { picture } from '../../packages/cli/src/demo/picture.ts'
import { type Outcome, openScenario, type Scenario } from '../../packages/cli/src/demo/scenario.ts'

describe('one human, four sign-ins', () => {
  let scenario: Scenario
  let alone: Outcome
  let withOnesub: Outcome

  beforeAll(async () => {
    scenario = await openScenario(0)
    alone = await scenario.signInByAll(scenario.alone)
    withOnesub = await scenario.signInByAll(scenario.withOnesub)
  })
  afterAll(() => scenario.close())

  it('is several people to Cognito alone', () => {
    const { cognitoAlone } = countsOf(alone, withOnesub)
    expect(cognitoAlone.persons).toBeGreaterThan(1)
    expect(cognitoAlone.poolUsers).toBe(alone.directory.length)
  })

  it('is one person with onesub, by every sign-in method', () => {
    const { onesub, signIns } = countsOf(alone, withOnesub)
    expect(signIns).toBe(4)
    expect(onesub).toMatchObject({ poolUsers: 1, persons: 1 })
    expect(new Set(onesub.signedInAs).size).toBe(1)
    expect(onesub.signedInAs).toHaveLength(4)
    expect(onesub.signedInAs[0]).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('is told so in words that say what to do', () => {
    const shown = picture(alone, withOnesub)
    expect(shown).toContain('refused (IDENTIFIER_TAKEN), signs in instead')
    expect(shown).toContain('= 1 user in the pool, 1 person')
  })
})
