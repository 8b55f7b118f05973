import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import type { ApiDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { confirmed } from '../shared/dialogs/confirm';
import { guardUnsaved } from '../shared/leave-guard';
import { loaded } from '../shared/loaded';
import { injectResourceActions } from '../shared/resources';
import { Icon } from '../shared/ui/icon';
import { Badge } from '../shared/ui/labels';
import { BackLink } from '../shared/ui/page';
import { RawJson } from '../shared/ui/raw-json';
import { LoadState } from '../shared/ui/states';
import { isUsed, usesInWords } from './api-changes';
import { ApiEditor } from './api-editor';
import { ApiPermissions } from './api-permissions';
import { FORCE, injectApis } from './apis-api';
import { ProtectApi } from './protect-api';

/** Page of an API. */
@Component({
  selector: 'app-api-page',
  imports: [
    ApiEditor,
    ApiPermissions,
    BackLink,
    Badge,
    Icon,
    LoadState,
    MatButton,
    MatMenuModule,
    ProtectApi,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './api-page.html',
  styles: `
    .page-head .row {
      min-height: 24px;
    }
    .notice {
      margin-bottom: var(--space-5);
    }
    .description {
      margin-bottom: var(--space-5);
      font: var(--mat-sys-body-large);
    }
    .parts {
      display: grid;
      grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
      gap: var(--space-5) var(--space-6);
      align-items: start;
    }
    @media (width < 64em) {
      .parts {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
})
export class ApiPage {
  protected readonly client = injectApis();
  protected readonly actions = injectResourceActions(this.client);
  private readonly dialog = inject(MatDialog);
  private readonly session = inject(Session);
  private readonly editor = viewChild(ApiEditor);

  readonly name = input.required<string>();
  private readonly mayLeave = guardUnsaved(
    () => !this.actions.isDone() && (this.editor()?.isChanged() ?? false),
  );

  protected readonly t = injectTexts();
  protected readonly api = loaded(this.name, (name) => this.client.get(name));
  protected readonly usage = loaded(this.name, (name) => this.client.usage(name));
  protected readonly isEditing = linkedSignal({ source: this.name, computation: () => false });
  protected readonly readOnlyReason = computed(() => {
    const { builtIn, noWrite } = this.t().apis.readOnly;
    if (this.api.value()?.isBuiltIn) {
      return builtIn;
    }
    return this.session.can('apis:write') ? null : noWrite;
  });

  protected finishEditing(saved: ApiDto): void {
    this.api.set(saved);
    this.usage.reload();
    this.isEditing.set(false);
  }

  protected async cancelEditing(): Promise<void> {
    if (await this.mayLeave()) {
      this.isEditing.set(false);
    }
  }

  protected showRaw(api: ApiDto): void {
    RawJson.open(this.dialog, this.client.pathOf(api.name), api);
  }

  /**
   * Deletes an API. If its permissions are in use, it asks whether to remove them from all roles and tokens.
   */
  protected delete(api: ApiDto): Promise<boolean> {
    return this.actions.delete(api, async () => {
      const { items } = await firstValueFrom(this.client.usage(api.name));
      const { deletion, action } = this.t().apis.inUse;
      const isConfirmed = await confirmed(this.dialog, {
        heading: deletion(api.name),
        consequences: usesInWords(items.filter(isUsed), this.t()),
        action,
        typed: api.name,
      });
      if (isConfirmed) {
        await this.actions.deleteUsed(api, FORCE);
      }
    });
  }
}
