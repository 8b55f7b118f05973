import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { TokenTemplateDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { problemOf } from '../../core/problem';
import { Session } from '../../core/session';
import { confirmed } from '../../shared/dialogs/confirm';
import { loaded } from '../../shared/loaded';
import { Icon } from '../../shared/ui/icon';
import { BackLink, PageHeader } from '../../shared/ui/page';
import { ErrorState } from '../../shared/ui/states';
import { EditTemplate } from './edit-template';
import { RequestedScope } from './requested-scope';
import { RequestsApi } from './requests-api';

/** Page with the templates for token requests. */
@Component({
  selector: 'app-token-templates',
  imports: [BackLink, ErrorState, Icon, MatButton, PageHeader, RequestedScope],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-back-link to="/tokens/requests">{{ t().pages.tokenRequests }}</app-back-link>
    <app-page-header [heading]="t().pages.tokenTemplates" [lead]="t().tokenRequests.template.lead">
      @if (canWrite()) {
        <button matButton="filled" type="button" (click)="edit(null)">
          <app-icon matButtonIcon name="plus" />{{ t().tokenRequests.template.new }}
        </button>
      }
    </app-page-header>
    @if (templates.value(); as page) {
      <ul class="surface">
        @for (template of page.items; track template.name) {
          <li>
            <div>
              <strong>{{ template.name }}</strong>
              @if (template.description; as description) {
                <span class="second-line"
                  ><bdi>{{ description }}</bdi></span
                >
              }
              <app-requested-scope [of]="template" [user]="t().newToken.scope.theOwner" />
            </div>
            @if (canWrite()) {
              <div class="row">
                <button
                  matButton
                  type="button"
                  [attr.aria-label]="t().tokenRequests.template.editHeading(template.name)"
                  (click)="edit(template)"
                >
                  {{ t().tokenRequests.template.edit }}
                </button>
                <button
                  matButton
                  type="button"
                  [attr.aria-label]="t().tokenRequests.template.deleteHeading(template.name)"
                  (click)="delete(template)"
                >
                  {{ t().tokenRequests.template.delete }}
                </button>
              </div>
            }
          </li>
        } @empty {
          <li class="quiet">{{ t().tokenRequests.template.empty }}</li>
        }
      </ul>
    } @else if (templates.problem(); as problem) {
      <div class="surface"><app-error-state [problem]="problem" (retry)="templates.reload()" /></div>
    } @else {
      <div class="surface waiting" aria-busy="true"></div>
    }
  `,
  styles: `
    :host {
      display: block;
      max-width: 960px;
    }
    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 12px 24px;
      padding: 16px 20px;
    }
    li + li {
      border-top: 1px solid var(--mat-sys-outline-variant);
    }
    li > div:first-child {
      display: grid;
      flex: 1 1 320px;
      gap: 6px;
      min-width: 0;
      overflow-wrap: anywhere;
    }
  `,
})
export class TokenTemplates {
  private readonly api = inject(RequestsApi);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly canWrite = computed(() => this.session.can('tokens:write'));
  protected readonly templates = loaded(
    () => 'templates',
    () => this.api.templates(),
  );

  protected async edit(template: TokenTemplateDto | null): Promise<void> {
    const opened = this.dialog.open<EditTemplate, TokenTemplateDto | null>(EditTemplate, {
      data: template,
      width: '640px',
      panelClass: 'app-sheet',
    });
    await firstValueFrom(opened.afterClosed());
    // Another user may have changed a template, so that the dialog could not save it.
    this.templates.reload();
  }

  protected async delete(template: TokenTemplateDto): Promise<void> {
    const { deleteHeading, deleteText, delete: action, deleted } = this.t().tokenRequests.template;
    const question = { heading: deleteHeading(template.name), consequences: [deleteText], action };
    if (!(await confirmed(this.dialog, question))) {
      return;
    }
    try {
      await firstValueFrom(this.api.deleteTemplate(template));
      this.notifier.success(deleted(template.name));
    } catch (error) {
      this.notifier.failure(problemOf(error));
    }
    this.templates.reload();
  }
}
