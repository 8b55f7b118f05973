import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import { Router, RouterLink } from '@angular/router';
import type { EventDeliveryDto, EventTargetDto, EventType, RedeliveredDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { Language } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { confirmed } from '../../shared/dialogs/confirm';
import { focusOrigin } from '../../shared/focus';
import { loaded } from '../../shared/loaded';
import { Time } from '../../shared/time/time';
import { oneTimeSecret } from '../../shared/tokens/one-time-secret';
import { Icon } from '../../shared/ui/icon';
import { Badge } from '../../shared/ui/labels';
import { BackLink, Fact } from '../../shared/ui/page';
import { RawJson } from '../../shared/ui/raw-json';
import { LoadState } from '../../shared/ui/states';
import { EventDeliveries } from './event-deliveries';
import { EventsApi, pathOf } from './events-api';
import { RedeliverEvents } from './redeliver-events';
import { filtersOf, recipientsOf, TYPE_GROUPS } from './target-facts';
import { TargetState } from './target-state';
import { WebhookSecret } from './webhook-secret';

/** Page of an event target: its state, settings and deliveries. */
@Component({
  selector: 'app-event-target-page',
  imports: [
    BackLink,
    Badge,
    EventDeliveries,
    Fact,
    Icon,
    LoadState,
    MatButton,
    MatMenuModule,
    RouterLink,
    TargetState,
    Time,
    WebhookSecret,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './event-target-page.html',
  styles: `
    .page-head .row {
      min-height: 24px;
    }
    .notice {
      margin-bottom: var(--space-4);
    }
    .aligned p {
      flex: 1 1 240px;
    }
    .second {
      display: block;
      font-size: 0.8125rem;
    }
    h2.card-title {
      margin-bottom: var(--space-3);
    }
    .wide {
      grid-column: span 2;
    }
    .all {
      grid-column: 1 / -1;
    }
    .filter {
      display: block;
    }
    .recipients {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(280px, 100%), 1fr));
      gap: var(--space-1) var(--space-6);
    }
    .types {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-1);
      margin-top: var(--space-1);
    }
  `,
})
export class EventTargetPage {
  private readonly api = inject(EventsApi);
  private readonly dialog = inject(MatDialog);
  private readonly language = inject(Language);
  private readonly notifier = inject(Notifier);
  private readonly router = inject(Router);
  private readonly deliveries = viewChild(EventDeliveries);

  readonly name = input.required<string>();

  protected readonly t = this.language.texts;
  protected readonly canWrite = inject(Session).can('events:write');
  protected readonly isBusy = signal(false);
  protected readonly isTesting = signal(false);
  protected readonly rotated = oneTimeSecret<EventTargetDto>();
  protected readonly target = loaded(this.name, (name) => this.api.get(name));
  /** Result of the last test event. */
  protected readonly tested = linkedSignal<EventDeliveryDto | null>(() => (this.name(), null));
  protected readonly recipients = computed(() => {
    const target = this.target.value();
    return target === undefined ? [] : recipientsOf(target, this.t());
  });
  protected readonly filters = computed(() => {
    const target = this.target.value();
    return target === undefined ? [] : filtersOf(target, this.t());
  });
  protected readonly types = computed(() => {
    const { types = [] } = this.target.value() ?? {};
    return Object.values<readonly EventType[]>(TYPE_GROUPS)
      .flat()
      .filter((type) => types.includes(type));
  });

  /** Returns the error of a test, which names the HTTP status, or the status and the duration. */
  protected outcomeOf({ status, milliseconds, error }: EventDeliveryDto): string {
    const { deliveries } = this.t().events;
    return (
      error ??
      [
        ...(status === undefined ? [] : [deliveries.status(status)]),
        ...(milliseconds === undefined
          ? []
          : [deliveries.duration(milliseconds.toLocaleString(this.language.tag()))]),
      ].join(' · ')
    );
  }

  protected showRaw({ name, ...target }: EventTargetDto): void {
    RawJson.open(this.dialog, pathOf(name), { name, ...target });
  }

  protected async test(): Promise<void> {
    this.tested.set(null);
    await attempt(
      this.notifier,
      async () => this.tested.set(await firstValueFrom(this.api.test(this.name()))),
      this.isTesting,
    );
  }

  /** Disables an enabled target, or enables a disabled one. */
  protected async setEnabled({ name, enabled, version }: EventTargetDto): Promise<void> {
    const { page, questions } = this.t().events;
    const { heading, text } = questions.disable;
    const question = { heading: heading(name), consequences: [text], action: page.disable };
    if (enabled && !(await confirmed(this.dialog, question))) {
      return;
    }
    await attempt(
      this.notifier,
      async () => {
        this.target.set(await firstValueFrom(this.api.update(name, { enabled: !enabled }, version)));
        this.notifier.success(enabled ? page.disabled(name) : page.enabled(name));
        this.deliveries()?.reload();
      },
      this.isBusy,
    );
  }

  protected async redeliver({ name }: EventTargetDto): Promise<void> {
    const opened = this.dialog.open<RedeliverEvents, string, RedeliveredDto>(RedeliverEvents, {
      data: name,
      width: '480px',
      restoreFocus: focusOrigin(),
    });
    if (await firstValueFrom(opened.afterClosed())) {
      this.deliveries()?.reload();
    }
  }

  protected async rotate(target: EventTargetDto): Promise<void> {
    const { heading, text } = this.t().events.questions.rotate;
    const action = this.t().events.page.rotate;
    const question = { heading: heading(target.name), consequences: [text], action, isHarmless: true };
    if (!(await confirmed(this.dialog, question))) {
      return;
    }
    await attempt(
      this.notifier,
      async () => {
        const { secret, ...changed } = await firstValueFrom(this.api.rotate(target));
        this.target.set(changed);
        this.rotated.isCopied.set(false);
        this.rotated.token.set({ ...changed, ...(secret !== undefined && { secret }) });
      },
      this.isBusy,
    );
  }

  protected finishRotation(): void {
    this.rotated.token.set(null);
  }

  protected async delete(target: EventTargetDto): Promise<void> {
    const { heading, text } = this.t().events.questions.delete;
    const { delete: action, deleted } = this.t().common;
    if (!(await confirmed(this.dialog, { heading: heading(target.name), consequences: [text], action }))) {
      return;
    }
    await attempt(
      this.notifier,
      async () => {
        await firstValueFrom(this.api.delete(target));
        await this.router.navigateByUrl('/settings/events');
        this.notifier.success(deleted(target.name));
      },
      this.isBusy,
    );
  }
}
