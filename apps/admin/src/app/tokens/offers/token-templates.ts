import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { TokenTemplateDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { problemOf } from '../../core/problem';
import { confirmed } from '../../shared/dialogs/confirm';
import { loaded } from '../../shared/loaded';
import { Icon } from '../../shared/ui/icon';
import { ErrorState } from '../../shared/ui/states';
import { EditTemplate } from './edit-template';
import { OfferedScope } from './offered-scope';
import { OffersApi } from './offers-api';

/** Templates for token requests. */
@Component({
  selector: 'app-token-templates',
  imports: [ErrorState, Icon, MatButton, OfferedScope],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="row between">
      <h2 class="section-title">{{ t().offers.templates }}</h2>
      <button matButton="tonal" type="button" (click)="edit(null)">
        <app-icon matButtonIcon name="plus" />{{ t().offers.template.new }}
      </button>
    </div>
    <p class="quiet">{{ t().offers.template.lead }}</p>
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
              <app-offered-scope
                [of]="{ ...template, tokenExpiresIn: template.expiresIn }"
                [user]="t().newToken.scope.theOwner"
              />
            </div>
            <div class="row">
              <button
                matButton
                type="button"
                [attr.aria-label]="t().offers.template.editHeading(template.name)"
                (click)="edit(template)"
              >
                {{ t().offers.template.edit }}
              </button>
              <button
                matButton
                type="button"
                [attr.aria-label]="t().offers.template.deleteHeading(template.name)"
                (click)="delete(template)"
              >
                {{ t().offers.template.delete }}
              </button>
            </div>
          </li>
        } @empty {
          <li class="quiet">{{ t().offers.template.empty }}</li>
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
  private readonly api = inject(OffersApi);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);

  protected readonly t = injectTexts();
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
    const { deleteHeading, deleteText, delete: action, deleted } = this.t().offers.template;
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
