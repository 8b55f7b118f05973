import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DOCUMENT,
  ElementRef,
  inject,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import type { DeliveryState, EventDeliveryDto, EventTargetDto } from '@latchkey/auth-models';
import { DELIVERY_STATES } from '@latchkey/auth-models/lists';
import { filter, firstValueFrom, interval } from 'rxjs';
import { Language } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { loaded } from '../../shared/loaded';
import { exactTime } from '../../shared/time/format-time';
import { Now } from '../../shared/time/now';
import { Time } from '../../shared/time/time';
import { Icon } from '../../shared/ui/icon';
import { Badge } from '../../shared/ui/labels';
import { LoadState } from '../../shared/ui/states';
import { EventsApi } from './events-api';

/** Pause between requests while deliveries wait. */
const POLL_MILLISECONDS = 5_000;

const MINUTE = 60_000;

const TONES = { waiting: 'brass', delivered: 'strong', failed: 'bad' } as const satisfies Record<
  DeliveryState,
  string
>;

/** Deliveries to a target, newest first. */
@Component({
  selector: 'app-event-deliveries',
  imports: [Badge, Icon, LoadState, MatButton, MatButtonToggleModule, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let texts = t().events.deliveries;
    <div class="head row between">
      <h2 #heading id="deliveries" class="section-title" tabindex="-1">{{ texts.heading }}</h2>
      <button matButton type="button" (click)="reload()">
        <app-icon matButtonIcon name="refresh" />{{ texts.refresh }}
      </button>
      <mat-button-toggle-group
        hideSingleSelectionIndicator
        [aria-label]="texts.filter"
        [value]="state() ?? ''"
        (change)="state.set($event.value || null)"
      >
        <mat-button-toggle value="">{{ texts.all }}</mat-button-toggle>
        @for (name of states; track name) {
          <mat-button-toggle [value]="name">{{ texts.states[name] }}</mat-button-toggle>
        }
      </mat-button-toggle-group>
    </div>
    <div class="surface" role="region" aria-labelledby="deliveries" [attr.aria-busy]="page.isLoading()">
      @if (page.problem() === null && page.value(); as shown) {
        <ul class="divided">
          @for (delivery of shown.items; track delivery.id) {
            <li>
              <div class="what">
                <strong>{{ t().events.types[delivery.type].label }}</strong>
                @if (delivery.recipient; as recipient) {
                  <bdi class="second-line">{{ texts.to(recipient) }}</bdi>
                }
                <app-time class="second-line" [instant]="delivery.creationTime" />
              </div>
              <div class="how">
                <p class="row">
                  <app-badge [tone]="tones[delivery.state]">{{ texts.states[delivery.state] }}</app-badge>
                  <span class="quiet">{{ factsOf(delivery) }}</span>
                </p>
                @if (delivery.error; as error) {
                  <bdi class="second-line">{{ error }}</bdi>
                }
                @if (delivery.state === 'waiting') {
                  <span class="second-line">
                    @if (delivery.nextAttemptTime; as instant) {
                      {{ delivery.attempts > 0 ? texts.next : texts.first }}
                      @if (isSoon(instant)) {
                        {{ texts.soon }}
                      } @else {
                        <app-time [instant]="instant" />
                      }
                    } @else {
                      {{ texts.queued }}
                    }
                  </span>
                }
              </div>
              @if (canWrite && target().enabled) {
                <button
                  matButton
                  type="button"
                  disabledInteractive
                  [attr.aria-label]="againOf(delivery)"
                  [disabled]="isBusy()"
                  (click)="sendAgain(delivery)"
                >
                  {{ texts.again }}
                </button>
              }
            </li>
          } @empty {
            <li class="quiet">{{ noneText() }}</li>
          }
        </ul>
        @if (cursor() !== null || shown.next !== null) {
          <div class="pages row">
            @if (cursor() !== null) {
              <button matButton type="button" (click)="turn(null)">{{ texts.newest }}</button>
            }
            @if (shown.next; as next) {
              <button matButton type="button" (click)="turn(next)">{{ texts.older }}</button>
            }
          </div>
        }
      } @else {
        <app-load-state [of]="page" />
      }
    </div>
    <p class="quiet kept">{{ texts.kept }}</p>
  `,
  styles: `
    :host {
      display: block;
      margin-top: var(--space-8);
    }
    .head {
      margin-bottom: var(--space-3);
    }
    .head button {
      margin-left: auto;
    }
    /* Below the bar of narrow screens, when it gets the focus. */
    h2 {
      scroll-margin-top: calc(var(--space-16) + var(--space-3));
    }
    mat-button-toggle-group {
      --mat-button-toggle-height: 36px;
    }
    li {
      display: grid;
      grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) auto;
      align-items: center;
      gap: var(--space-2) var(--space-6);
      min-height: 56px;
      padding: var(--space-3) var(--space-3) var(--space-3) var(--space-5);
      overflow-wrap: anywhere;
    }
    li.quiet {
      display: flex;
    }
    .how,
    .what {
      display: grid;
      gap: var(--space-half);
      min-width: 0;
    }
    .pages {
      padding: var(--space-1) var(--space-2) var(--space-2);
      border-top: 1px solid var(--mat-sys-outline-variant);
    }
    .kept {
      margin-top: var(--space-2);
      font-size: 0.8125rem;
    }
    @media (width < 53.75em) {
      li {
        grid-template-columns: minmax(0, 1fr) auto;
        row-gap: var(--space-half);
        padding-left: var(--space-4);
      }
      /* The button is beside the type only, so that addresses have the whole width. */
      .what {
        display: contents;
      }
      .what > .second-line,
      .how {
        grid-column: 1 / -1;
      }
      .how {
        margin-top: var(--space-1);
      }
      li > button {
        grid-area: 1 / 2;
      }
    }
  `,
})
export class EventDeliveries {
  private readonly api = inject(EventsApi);
  private readonly language = inject(Language);
  private readonly notifier = inject(Notifier);
  private readonly now = inject(Now).value;

  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');

  readonly target = input.required<EventTargetDto>();

  protected readonly t = this.language.texts;
  protected readonly states = DELIVERY_STATES;
  protected readonly tones = TONES;
  protected readonly isBusy = signal(false);
  protected readonly canWrite = inject(Session).can('events:write');
  private readonly name = computed(() => this.target().name);
  protected readonly state = signal<DeliveryState | null>(null);
  /** Cursor of the shown page; `null` = the newest deliveries. */
  protected readonly cursor = linkedSignal<string | null>(() => (this.state(), null));
  protected readonly page = loaded(
    computed(() => ({ name: this.name(), state: this.state(), cursor: this.cursor() })),
    ({ name, state, cursor }) => this.api.deliveries(name, state, cursor),
  );
  private readonly isWaiting = computed(() =>
    this.page.value()?.items.some((delivery) => delivery.state === 'waiting'),
  );

  constructor() {
    const document = inject(DOCUMENT);
    interval(POLL_MILLISECONDS)
      .pipe(
        filter(() => document.visibilityState === 'visible' && this.isWaiting() === true),
        takeUntilDestroyed(),
      )
      .subscribe(() => this.page.reload());
  }

  /** Shows another page from its start. */
  protected turn(cursor: string | null): void {
    this.cursor.set(cursor);
    this.heading().nativeElement.focus();
  }

  reload(): void {
    this.page.reload();
  }

  /** Returns the number of attempts, the HTTP status and the duration. */
  protected factsOf({ attempts, status, milliseconds }: EventDeliveryDto): string {
    const { deliveries } = this.t().events;
    return [
      ...(attempts === 0 ? [] : [deliveries.attempts(attempts)]),
      ...(status === undefined ? [] : [deliveries.status(status)]),
      ...(milliseconds === undefined
        ? []
        : [deliveries.duration(milliseconds.toLocaleString(this.language.tag()))]),
    ].join(' · ');
  }

  protected noneText(): string {
    const { none, noneYet, noneInState } = this.t().events.deliveries;
    return this.state() !== null ? noneInState : this.canWrite ? `${none} ${noneYet}` : none;
  }

  protected isSoon(instant: string): boolean {
    return Date.parse(instant) - this.now() < MINUTE;
  }

  protected againOf({ type, creationTime }: EventDeliveryDto): string {
    const { deliveries, types } = this.t().events;
    return deliveries.againOf(types[type].label, exactTime(creationTime, this.language.tag()));
  }

  protected async sendAgain({ event }: EventDeliveryDto): Promise<void> {
    const { sent, notSent } = this.t().events.deliveries;
    await attempt(
      this.notifier,
      async () => {
        const { count } = await firstValueFrom(this.api.redeliver(this.name(), { event }));
        this.notifier.success(count > 0 ? sent : notSent);
        this.cursor.set(null);
        this.page.reload();
      },
      this.isBusy,
    );
  }
}
