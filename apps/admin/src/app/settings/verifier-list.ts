import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { ReplicaDto, VerifierDto, VerifierListDto } from '@latchkey/auth-models';
import { Language } from '../core/language';
import { loaded } from '../shared/loaded';
import { Time } from '../shared/time/time';
import { Icon } from '../shared/ui/icon';
import { Badge } from '../shared/ui/labels';
import { LoadState } from '../shared/ui/states';

/** The servers on the database, and the applications that verify tokens from memory. */
@Component({
  selector: 'app-verifier-list',
  imports: [Badge, Icon, LoadState, MatButton, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="head row between">
      <h2 id="verifiers" class="section-title">{{ t().settings.verifiers.heading }}</h2>
      <button
        matButton
        type="button"
        disabledInteractive
        [disabled]="list.isLoading()"
        (click)="list.reload()"
      >
        <app-icon matButtonIcon name="refresh" />{{ t().settings.verifiers.refresh }}
      </button>
    </div>
    <div class="surface" role="region" aria-labelledby="verifiers" [attr.aria-busy]="list.isLoading()">
      @if (list.problem() === null && list.value(); as value) {
        <ul class="divided" [attr.aria-label]="t().settings.verifiers.replicas">
          @for (replica of value.replicas; track replica.id) {
            <li>
              <span class="name">
                <strong class="ellipsis">{{ replica.name }}</strong>
                <span class="second-line">
                  {{ replicaOrigin(replica) }} · {{ t().settings.verifiers.started }}
                  <app-time [instant]="replica.startTime" />
                </span>
              </span>
              <span>{{ replicaFacts(replica) }}</span>
              <app-badge>{{ t().settings.verifiers.replica }}</app-badge>
            </li>
          }
        </ul>
        <ul class="divided verifiers" [attr.aria-label]="t().settings.verifiers.verifiers">
          @for (verifier of value.verifiers; track verifier.id) {
            <li>
              <span class="name">
                <strong class="ellipsis">{{ verifier.name }}</strong>
                <span class="second-line">
                  {{ verifierOrigin(verifier) }} · {{ t().settings.verifiers.reported }}
                  <app-time [instant]="verifier.lastReportTime" />
                </span>
              </span>
              <span>{{ verifierFacts(verifier) }}</span>
              <app-badge [tone]="verifier.active ? 'strong' : 'quiet'">
                {{ verifier.active ? t().settings.verifiers.active : t().settings.verifiers.silent }}
              </app-badge>
            </li>
          } @empty {
            <li class="quiet">{{ t().settings.verifiers.none }}</li>
          }
        </ul>
        @if (hidden(); as hidden) {
          <p class="quiet">{{ hidden }}</p>
        }
      } @else {
        <app-load-state [of]="list" />
      }
    </div>
  `,
  styles: `
    :host {
      display: block;
      margin-top: var(--space-8);
    }
    .head {
      margin-bottom: var(--space-3);
    }
    .verifiers {
      border-top: 1px solid var(--mat-sys-outline-variant);
    }
    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 34%) 108px;
      align-items: center;
      gap: var(--space-1) var(--space-6);
      padding: var(--space-3) var(--space-5);
    }
    li.quiet {
      display: block;
    }
    .name {
      display: grid;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    app-badge {
      place-self: center end;
    }
    p {
      padding: var(--space-3) var(--space-5);
    }
    @media (width < 53.75em) {
      li {
        grid-template-columns: minmax(0, 1fr) auto;
        padding-inline: var(--space-4);
      }
      .name {
        grid-column: 1 / -1;
      }
    }
  `,
})
export class VerifierList {
  private readonly http = inject(HttpClient);
  private readonly language = inject(Language);

  protected readonly t = this.language.texts;
  protected readonly list = loaded(
    () => 'verifiers',
    () => this.http.get<VerifierListDto>('/verifiers'),
  );
  /** Text with the number of verifiers that are not shown; empty if all are. */
  protected readonly hidden = computed(() => {
    const { verifiers = [], total = 0 } = this.list.value() ?? {};
    return total > verifiers.length ? this.t().settings.verifiers.hidden(total - verifiers.length) : '';
  });

  protected replicaFacts({ lag, verifiers }: ReplicaDto): string {
    const { lagOf, connected } = this.t().settings.verifiers;
    return [...(lag === undefined ? [] : [lagOf(lag)]), connected(verifiers)].join(' · ');
  }

  protected replicaOrigin({ version, address }: ReplicaDto): string {
    return [`Latchkey ${version}`, ...(address === undefined ? [] : [address])].join(' · ');
  }

  protected verifierOrigin({ version, address, user }: VerifierDto): string {
    return [version, address, user].filter((part) => part !== undefined && part !== '').join(' · ');
  }

  protected verifierFacts({ local, asked, lag }: VerifierDto): string {
    const { share, lagOf } = this.t().settings.verifiers;
    const answers = local + asked;
    const percent = new Intl.NumberFormat(this.language.tag(), {
      style: 'percent',
      maximumFractionDigits: 1,
    });
    return [
      ...(answers === 0 ? [] : [share(percent.format(local / answers))]),
      ...(lag === undefined ? [] : [lagOf(lag)]),
    ].join(' · ');
  }
}
