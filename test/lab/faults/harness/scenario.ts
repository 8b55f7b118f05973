import { appendFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { sabotaged, type Sabotage } from './sabotage.js';
import { IS_SHORT, SEED } from './settings.js';
import { Stage } from './stage.js';
import { Violation } from './violation.js';

/** What was measured, by what it is called. */
export type Figures = Record<string, number | string>;

/** Something that happens to a server, and what it promises of it. */
export interface Scenario {
  name: string;
  /** What has to be installed first to play it; `null` = nothing. */
  needs?: string | null;
  /** Injects the fault and judges what comes of it. @throws Violation */
  play: (stage: Stage) => Promise<Figures>;
  /** What must be seen to be found. */
  sabotages: readonly Proof[];
  /** Whether the short run leaves it out. */
  isLong?: boolean;
}

/** A server that breaks the promise, and the complaint about it. */
interface Proof {
  sabotage: Sabotage;
  complaint: RegExp;
  /** Whether the short run leaves it out. */
  isLong?: boolean;
}

/** Many times what a scenario takes on a machine of its own. */
const SCENARIO_MILLISECONDS = 600_000;

/** Plays a scenario with the server as it is delivered, and once with each sabotage, which must be found. */
export function describeScenario({ name, needs = null, play, sabotages, isLong }: Scenario): void {
  if (IS_SHORT && isLong) {
    return;
  }
  const proofs = sabotages.filter((proof) => !(IS_SHORT && proof.isLong));
  const test = needs === null ? it : it.skip;
  const need = needs === null ? '' : `, which needs ${needs}`;

  describe(name, () => {
    test(
      `is overcome${need}`,
      async () => {
        const start = performance.now();

        const figures = await playOn(new Stage(name), play);

        tell(name, figures, performance.now() - start);
        expect(Object.keys(figures)).not.toEqual([]);
      },
      SCENARIO_MILLISECONDS,
    );

    for (const { sabotage, complaint } of proofs) {
      test(
        `is seen to fail when ${sabotage.name}${need}`,
        async () => {
          const stage = new Stage(name, sabotaged(sabotage));

          const seen = await playOn(stage, play).then(
            (figures) => `nothing is found: ${JSON.stringify(figures)}`,
            whatIsFound,
          );

          expect(seen).toMatch(complaint);
        },
        SCENARIO_MILLISECONDS,
      );
    }
  });
}

/** A complaint. Nothing else counts: a judge that falls over has seen nothing. */
function whatIsFound(error: unknown): string {
  return error instanceof Violation ? error.message : `the judge falls over: ${String(error)}`;
}

async function playOn(stage: Stage, play: Scenario['play']): Promise<Figures> {
  try {
    return await play(stage);
  } finally {
    await stage.clear();
  }
}

/** Prints what was measured, and keeps it for the table at the end of the run. */
function tell(scenario: string, figures: Figures, milliseconds: number): void {
  const seconds = `${(milliseconds / 1_000).toFixed(1)} s`;
  const text = Object.entries(figures)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? value.toFixed() : value}`)
    .join(', ');
  process.stdout.write(`${scenario} (SEED=${SEED}, ${seconds}): ${text}\n`);
  if (process.env.FAULT_FIGURES) {
    appendFileSync(process.env.FAULT_FIGURES, `${JSON.stringify({ scenario, seconds, text })}\n`);
  }
}
