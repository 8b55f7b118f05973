import { appendFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { sabotaged, type Sabotage } from './sabotage.js';
import { IS_SHORT, SEED, TIME_FACTOR } from './settings.js';
import { ScenarioContext } from './scenario-context.js';
import { Violation } from './violation.js';

/** Measurements by name. */
export type Figures = Record<string, number | string>;

/** A fault, and the required behaviour of the server. */
export interface Scenario {
  name: string;
  /** Programs that the scenario needs; `null` if none. */
  needs?: string | null;
  /** Injects the fault and checks the behaviour. @throws Violation */
  run: (context: ScenarioContext) => Promise<Figures>;
  /** Bugs that the scenario must detect. */
  sabotages: readonly Proof[];
  /** Whether the short run skips it. */
  isLong?: boolean;
}

/** A bug, and the expected complaint about it. */
interface Proof {
  sabotage: Sabotage;
  complaint: RegExp;
  /** Whether the short run skips it. */
  isLong?: boolean;
}

/** Many times the duration on an idle machine. */
const SCENARIO_MILLISECONDS = 600_000 * TIME_FACTOR;

/** Runs a scenario with the released server, and with each deliberate bug, which it must detect. */
export function describeScenario({ name, needs = null, run, sabotages, isLong }: Scenario): void {
  if (IS_SHORT && isLong) {
    return;
  }
  const proofs = sabotages.filter((proof) => !(IS_SHORT && proof.isLong));
  const test = needs === null ? it : it.skip;
  const need = needs === null ? '' : `, which needs ${needs}`;

  describe(name, () => {
    test(
      `finds no violation${need}`,
      async () => {
        const start = performance.now();

        const figures = await runOn(new ScenarioContext(name), run);

        report(name, figures, performance.now() - start);
        expect(Object.keys(figures)).not.toEqual([]);
      },
      SCENARIO_MILLISECONDS,
    );

    for (const { sabotage, complaint } of proofs) {
      test(
        `finds a violation when ${sabotage.name}${need}`,
        async () => {
          const context = new ScenarioContext(name, sabotaged(sabotage));

          const result = await runOn(context, run).then(
            (figures) => `no complaint: ${JSON.stringify(figures)}`,
            complaintOf,
          );

          expect(result).toMatch(complaint);
        },
        SCENARIO_MILLISECONDS,
      );
    }
  });
}

/** Returns the complaint of a violation. Other errors do not count as a detection. */
function complaintOf(error: unknown): string {
  return error instanceof Violation ? error.message : `the check itself failed: ${String(error)}`;
}

async function runOn(context: ScenarioContext, run: Scenario['run']): Promise<Figures> {
  try {
    return await run(context);
  } finally {
    await context.cleanUp();
  }
}

/** Prints the measurements, and saves them for the table at the end of the run. */
function report(scenario: string, figures: Figures, milliseconds: number): void {
  const seconds = `${(milliseconds / 1_000).toFixed(1)} s`;
  const text = Object.entries(figures)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? value.toFixed() : value}`)
    .join(', ');
  process.stdout.write(`${scenario} (SEED=${SEED}, ${seconds}): ${text}\n`);
  if (process.env.FAULT_FIGURES) {
    appendFileSync(process.env.FAULT_FIGURES, `${JSON.stringify({ scenario, seconds, text })}\n`);
  }
}
