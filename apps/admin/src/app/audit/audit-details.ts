import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import type { AuditEventDto } from '@latchkey/auth-models';
import { Language } from '../core/language';
import { actorName } from '../shared/audit-actor';
import type { ListChange } from '../shared/list/list-state';
import { exactTime } from '../shared/time/format-time';
import { changesOf } from './audit-changes';

/** What an entry of the audit trail tells besides its line: every member before and after, and what finds others like it. */
@Component({
  selector: 'app-audit-details',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './audit-details.html',
  styleUrl: './audit-details.scss',
})
export class AuditDetails {
  private readonly language = inject(Language);

  readonly event = input.required<AuditEventDto>();
  /** Filters that the person chose here. */
  readonly filtersChange = output<ListChange>();

  protected readonly t = this.language.texts;
  protected readonly changes = computed(() => changesOf(this.event(), this.t().audit));
  protected readonly hasBefore = computed(() => this.event().before !== undefined);
  protected readonly exactTime = computed(() => exactTime(this.event().time, this.language.tag()).full);
  /** The filters that the names in the line are, for hands without a pointer that hovers. */
  protected readonly filters = computed((): { label: string; filter: ListChange }[] => {
    const { actor, subject, address, traceId } = this.event();
    const { server, onlyActor, onlySubject, onlyAddress, onlyRequest } = this.t().audit;
    return [
      ...(actor ? [{ label: onlyActor(actorName(actor, server)), filter: { actor: actor.name } }] : []),
      ...(subject.name !== actor?.name
        ? [{ label: onlySubject(subject.name), filter: { subject: subject.name } }]
        : []),
      ...(address ? [{ label: onlyAddress(address), filter: { address } }] : []),
      ...(traceId ? [{ label: onlyRequest, filter: { traceId } }] : []),
    ];
  });
}
