import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { SettingSource } from '@latchkey/auth-models';
import { Language } from '../core/language';
import { SearchField } from '../shared/filters/search-field';
import { listState } from '../shared/list/list-state';
import { loaded } from '../shared/loaded';
import { CopyButton } from '../shared/ui/copy-button';
import { Badge } from '../shared/ui/labels';
import { PageHeader } from '../shared/ui/page';
import { EmptyState, ErrorState } from '../shared/ui/states';
import { AboutServer } from './about-server';
import { settingSections } from './setting-sections';
import { SettingsApi } from './settings-api';

/** Page about the server and its configuration. */
@Component({
  selector: 'app-settings-page',
  imports: [AboutServer, Badge, CopyButton, EmptyState, ErrorState, MatButton, PageHeader, SearchField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './settings-page.html',
  styleUrl: './settings-page.scss',
})
export class SettingsPage {
  private readonly api = inject(SettingsApi);
  private readonly language = inject(Language);

  protected readonly t = this.language.texts;
  protected readonly tones: Record<SettingSource, 'quiet' | 'strong' | 'brass'> = {
    default: 'quiet',
    environment: 'strong',
    file: 'brass',
  };
  protected readonly settings = loaded(
    () => 'settings',
    () => this.api.settings(),
  );
  protected readonly state = listState({ sortFields: [], defaultSort: '', filters: {} });
  protected readonly text = computed(() => this.state.query().q);
  protected readonly sections = computed(() =>
    settingSections(this.settings.value() ?? [], this.text() ?? '', this.t(), this.language.tag()),
  );
  protected readonly count = computed(() =>
    this.t().settings.count(this.sections().reduce((sum, { rows }) => sum + rows.length, 0)),
  );
}
