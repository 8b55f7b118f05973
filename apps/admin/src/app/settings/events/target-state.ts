import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { EventTargetDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Time } from '../../shared/time/time';
import { Badge } from '../../shared/ui/labels';
import { stateOf, type TargetState as State } from './target-facts';

const TONES = {
  enabled: 'strong',
  disabled: 'quiet',
  failing: 'brass',
  stopped: 'bad',
} as const satisfies Record<State, string>;

/** State of a target: since when it fails, and its waiting deliveries. */
@Component({
  selector: 'app-target-state',
  imports: [Badge, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-badge [tone]="tones[state()]">{{ t().events.states[state()] }}</app-badge>
    @if (target().failingSince; as instant) {
      <span class="second-line">{{ t().events.firstFailure }} <app-time [instant]="instant" /></span>
    }
    @if (target().waiting > 0) {
      <span class="second-line">{{ t().events.waiting(target().waiting) }}</span>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-1) var(--space-2);
    }
  `,
})
export class TargetState {
  readonly target = input.required<EventTargetDto>();

  protected readonly t = injectTexts();
  protected readonly tones = TONES;
  protected readonly state = computed(() => stateOf(this.target()));
}
