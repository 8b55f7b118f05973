import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
} from '@angular/core';
import { NonNullableFormBuilder, Validators } from '@angular/forms';
import { Router } from '@angular/router';
import { CreateTokenDto, CreateTokenTemplateDto, type TokenTemplateDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { dtoField } from '../../shared/forms/dto-field';
import { submission } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { guardUnsaved } from '../../shared/leave-guard';
import { LoadState } from '../../shared/ui/states';
import { choiceOf, DEFAULT_EXPIRY, type ExpiryChoice, ExpiryPicker, lifetimeOf } from '../expiry-picker';
import { OffersApi } from '../offers/offers-api';
import { ScopePicker } from '../scope/scope-picker';
import { NOTHING, scopeMembers, scopeOf, type TokenScope } from '../scope/token-scope';
import { loadedTemplates } from './template-field';
import { TokenFormPage } from './token-form-page';

/** Page that creates or changes a template, from which users request tokens. */
@Component({
  selector: 'app-edit-template',
  imports: [ExpiryPicker, LoadState, ScopePicker, TextField, TokenFormPage],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let texts = t().offers.template;
    @let name = template();
    <app-token-form-page
      parent="/tokens/offers"
      [heading]="name === undefined ? t().featurePages.newTemplate : texts.editHeading(name)"
      [lead]="name === undefined ? texts.lead : ''"
      [form]="form"
      [submission]="submission"
      [action]="isReady() ? t().common.save : ''"
      (send)="save()"
    >
      @if (isReady()) {
        @if (name === undefined) {
          <app-text-field
            isName
            [control]="form.controls.name"
            [label]="texts.name"
            [hint]="texts.nameHint"
          />
        }
        <app-text-field [control]="form.controls.description" [label]="texts.description" />
        <app-text-field [control]="form.controls.note" [label]="texts.note" />
        <app-expiry-picker onlyDays [label]="texts.life" [(choice)]="choice" />
        <app-scope-picker isAnyOwner [owner]="ownName()" [(scope)]="scope" />
      } @else if (templates.value()) {
        <p>{{ t().common.notFound.text }}</p>
      } @else {
        <app-load-state [of]="templates" />
      }
    </app-token-form-page>
  `,
})
export class EditTemplate {
  private readonly api = inject(OffersApi);
  private readonly notifier = inject(Notifier);
  private readonly router = inject(Router);
  private readonly session = inject(Session);

  /** Name of the template to change, from the URL; without one, the page creates a template. */
  readonly template = input<string>();

  protected readonly t = injectTexts();
  protected readonly ownName = computed(() => this.session.user()?.name ?? '');
  protected readonly templates = loadedTemplates();
  private readonly existing = computed(() =>
    this.templates.value()?.find(({ name }) => name === this.template()),
  );
  protected readonly isReady = computed(() => this.template() === undefined || this.existing() !== undefined);
  protected readonly form = inject(NonNullableFormBuilder).group({
    name: ['', [Validators.required, dtoField(CreateTokenTemplateDto, 'name')]],
    description: ['', dtoField(CreateTokenTemplateDto, 'description')],
    note: ['', dtoField(CreateTokenDto, 'note')],
  });
  private readonly initialChoice = computed((): ExpiryChoice => {
    const { expiresIn } = this.existing() ?? {};
    return expiresIn === undefined ? DEFAULT_EXPIRY : choiceOf(expiresIn);
  });
  private readonly initialScope = computed((): TokenScope => {
    const existing = this.existing();
    return existing === undefined ? NOTHING : scopeOf(existing);
  });
  protected readonly choice = linkedSignal(() => this.initialChoice());
  protected readonly scope = linkedSignal(() => this.initialScope());
  protected readonly submission = submission(this.form);
  private isSaved = false;

  constructor() {
    guardUnsaved(
      () =>
        !this.isSaved &&
        (this.form.dirty || this.choice() !== this.initialChoice() || this.scope() !== this.initialScope()),
    );
    effect(() => {
      const { name, description = '', note = '' } = this.existing() ?? {};
      if (name !== undefined) {
        this.form.setValue({ name, description, note });
      }
    });
  }

  protected save(): Promise<void> {
    return this.submission.submit(async () => {
      const { name } = await this.send();
      this.isSaved = true;
      this.notifier.success(this.t().offers.template.saved(name));
      await this.router.navigate(['/tokens/offers']);
    });
  }

  private send(): Promise<TokenTemplateDto> {
    const { name, ...texts } = this.form.getRawValue();
    const [description, note] = [texts.description.trim(), texts.note.trim()];
    const others = { expiresIn: lifetimeOf(this.choice()), ...scopeMembers(this.scope()) };
    const existing = this.existing();
    if (existing === undefined) {
      const given = { ...(description && { description }), ...(note && { note }) };
      return firstValueFrom(this.api.createTemplate({ name: name.trim(), ...given, ...others }));
    }
    const change = { description: description || null, note: note || null, permissions: null, roles: null };
    return firstValueFrom(this.api.updateTemplate(existing.name, { ...change, ...others }, existing.version));
  }
}
