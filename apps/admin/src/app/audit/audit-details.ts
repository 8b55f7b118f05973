import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { AuditEventDto } from '@latchkey/auth-models';
import { Language } from '../core/language';
import { actorName } from '../shared/audit-actor';
import type { ListChange } from '../shared/list/list-state';
import { exactTime } from '../shared/time/format-time';
import { Fact } from '../shared/ui/page';
import { changesOf } from './audit-changes';

/** Details of an audit entry: all fields before and after, and filters for similar entries. */
@Component({
  selector: 'app-audit-details',
  imports: [Fact, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './audit-details.html',
  styles: `
    :host {
      display: grid;
      gap: var(--space-4);
      padding: var(--space-1) var(--space-5) var(--space-5) calc(36px + var(--space-6));
      font-size: 0.8125rem;
    }
    tbody th {
      width: 25%;
      font: 0.8125rem/1.25rem var(--app-mono);
    }
    del {
      color: var(--mat-sys-on-surface-variant);
    }
    ins {
      font-weight: 550;
      text-decoration: none;
    }
    .facts {
      grid-template-columns: repeat(auto-fill, minmax(min(320px, 100%), 1fr));
      gap: var(--space-2) var(--space-6);
    }
    .explain {
      margin-left: var(--space-2);
    }
    .row {
      gap: var(--space-1) var(--space-5);
    }
    .row button {
      min-height: 24px;
    }
    @container (width < 50rem) {
      :host {
        padding: var(--space-1) var(--space-4) var(--space-4);
      }

      tbody th {
        font-size: 0.75rem;
      }
    }
  `,
})
export class AuditDetails {
  private readonly language = inject(Language);

  readonly event = input.required<AuditEventDto>();
  readonly filtersChange = output<ListChange>();

  protected readonly t = this.language.texts;
  protected readonly changes = computed(() => changesOf(this.event(), this.t().audit));
  protected readonly hasBefore = computed(() => this.event().before !== undefined);
  protected readonly exactTime = computed(() => exactTime(this.event().time, this.language.tag(), 'full'));
  /** The filters of the row, for devices without hover. */
  protected readonly filters = computed((): { label: string; filter: ListChange }[] => {
    const { actor, subject, address, traceId } = this.event();
    const { server, onlyActor, onlySubject, onlyToken, withToken, onlyAddress, onlyRequest } = this.t().audit;
    return [
      ...(actor ? [{ label: onlyActor(actorName(actor, server)), filter: { actor: actor.name } }] : []),
      ...(actor?.tokenId ? [{ label: withToken, filter: { actorToken: actor.tokenId } }] : []),
      ...(subject.name !== actor?.name
        ? [{ label: onlySubject(subject.name), filter: { subject: subject.name } }]
        : []),
      ...(subject.kind === 'token' && subject.id
        ? [{ label: onlyToken, filter: { subject: subject.id } }]
        : []),
      ...(address ? [{ label: onlyAddress(address), filter: { address } }] : []),
      ...(traceId ? [{ label: onlyRequest, filter: { traceId } }] : []),
    ];
  });
}
