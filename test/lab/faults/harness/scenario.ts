import { appendFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { IS_SHORT, SEED, TIME_FACTOR } from './settings.js';
import { ScenarioContext } from './scenario-context.js';

/** Measurements by name. */
export type Figures = Record<string, number | string>;

/** A fault, and the required behavior of the server. */
export interface Scenario {
  name: string;
  /** Programs that the scenario needs; `null` if none. */
  needs?: string | null;
  /** Injects the fault and checks the behavior. @throws Violation */
  run: (context: ScenarioContext) => Promise<Figures>;
  /** Whether the short run leaves it out. `docs/contributing/faults.md` lists these scenarios. */
  isLong?: boolean;
}

/** Many times the duration on an idle machine. */
const SCENARIO_MILLISECONDS = 600_000 * TIME_FACTOR;

/** Runs a scenario with the built server. */
export function describeScenario({ name, needs = null, run, isLong }: Scenario): void {
  if (IS_SHORT && isLong) {
    return;
  }
  const test = needs === null ? it : it.skip;

  describe(name, () => {
    test(
      `finds no violation${needs === null ? '' : `, which needs ${needs}`}`,
      async () => {
        const start = performance.now();

        const figures = await runOn(new ScenarioContext(name), run);

        report(name, figures, performance.now() - start);
        expect(Object.keys(figures)).not.toEqual([]);
      },
      SCENARIO_MILLISECONDS,
    );
  });
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
