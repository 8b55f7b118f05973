import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { SettingListDto, SettingSource } from '@latchkey/auth-models';
import { Language } from '../core/language';
import { Session } from '../core/session';
import { SearchField } from '../shared/filters/search-field';
import { listState } from '../shared/list/list-state';
import { loaded } from '../shared/loaded';
import { CopyButton } from '../shared/ui/copy-button';
import { Badge } from '../shared/ui/labels';
import { PageHeader } from '../shared/ui/page';
import { EmptyState, ErrorState } from '../shared/ui/states';
import { AboutServer } from './about-server';
import { EventSection } from './events/event-section';
import { ServerState } from './server-state';
import { settingSections } from './setting-sections';
import { VerifierList } from './verifier-list';

/** Page about the server and its configuration. */
@Component({
  selector: 'app-settings-page',
  imports: [
    AboutServer,
    Badge,
    CopyButton,
    EmptyState,
    ErrorState,
    EventSection,
    MatButton,
    PageHeader,
    SearchField,
    ServerState,
    VerifierList,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './settings-page.html',
  styles: `
    section {
      margin-top: var(--space-8);
    }
    #state {
      margin-bottom: var(--space-3);
    }
    .tools {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-3) var(--space-5);
      margin-bottom: var(--space-3);
    }
    app-search-field {
      flex: 0 1 400px;
      margin-left: auto;
    }
    .count {
      min-width: 88px;
      text-align: right;
    }
    summary {
      padding: var(--space-3) var(--space-5);
      background: var(--mat-sys-surface-container-high);
      color: var(--mat-sys-on-surface-variant);
      cursor: pointer;
    }
    h3 {
      display: inline;
      font: 600 0.8125rem/1.25rem var(--app-font);
    }
    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 34%) 108px;
      gap: var(--space-1) var(--space-6);
      padding: var(--space-3) var(--space-5);
    }
    .name {
      display: flex;
      align-items: center;
      gap: var(--space-1);
      min-height: 32px;
    }
    /* The buttons of many rows. */
    @media (hover: hover) {
      li:not(:hover, :focus-within) app-copy-button {
        opacity: 0;
      }
    }
    code {
      overflow-wrap: anywhere;
    }
    .name code {
      font-weight: 600;
    }
    .value {
      padding-top: var(--space-2);
    }
    app-badge {
      place-self: start end;
      margin-top: var(--space-1);
    }
    @media (width < 53.75em) {
      .tools {
        display: grid;
        grid-template-columns: 1fr auto;
      }
      app-search-field {
        grid-row: 2;
        grid-column: 1 / -1;
        margin: 0;
      }
      summary,
      li {
        padding-inline: var(--space-4);
      }
      li {
        grid-template-columns: minmax(0, 1fr) auto;
      }
      .variable {
        grid-column: 1 / -1;
      }
      .value,
      app-badge {
        margin: 0;
        padding-top: var(--space-half);
      }
    }
  `,
})
export class SettingsPage {
  private readonly http = inject(HttpClient);
  private readonly language = inject(Language);

  protected readonly canSeeEvents = inject(Session).can('events:read');
  protected readonly t = this.language.texts;
  protected readonly tones: Record<SettingSource, 'quiet' | 'strong' | 'brass'> = {
    default: 'quiet',
    environment: 'strong',
    file: 'brass',
  };
  protected readonly settings = loaded(
    () => 'settings',
    () => this.http.get<SettingListDto>('/settings'),
  );
  protected readonly state = listState({ sortFields: [], defaultSort: '', filters: {} });
  protected readonly text = computed(() => this.state.query().q);
  protected readonly sections = computed(() =>
    settingSections(this.settings.value()?.items ?? [], this.text() ?? '', this.t(), this.language.tag()),
  );
  protected readonly count = computed(() =>
    this.t().settings.count(this.sections().reduce((sum, { rows }) => sum + rows.length, 0)),
  );
}
