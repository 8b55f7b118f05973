import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { injectTexts } from '../../core/language';
import type { CardPlace, ListColumn } from './list-column';
import type { ListSelection } from './list-selection';
import { RowCheckbox, RowKeys, RowLink } from './rows';

/** Rows of a list as cards, for narrow screens. */
@Component({
  selector: 'app-list-cards',
  imports: [NgTemplateOutlet, RouterLink, RowKeys, RowLink, RowCheckbox],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './list-cards.html',
  styleUrl: './list-cards.scss',
})
export class ListCards<T> {
  private readonly router = inject(Router);

  readonly rows = input.required<readonly T[]>();
  readonly columns = input.required<readonly ListColumn<T>[]>();
  readonly label = input.required<string>();
  /** Return the id and the name of a row. */
  readonly idOf = input.required<(row: T) => string>();
  readonly nameOf = input.required<(row: T) => string>();
  /** Returns the router commands of a row's page; `null` if it has none. */
  readonly linkOf = input<((row: T) => readonly string[] | null) | null>(null);
  readonly selection = input<ListSelection<T> | null>(null);

  protected readonly t = injectTexts();
  protected readonly title = computed(() => this.columns()[0]);
  protected readonly heads = computed(() => this.at('head'));
  protected readonly facts = computed(() => this.at('fact'));
  protected readonly feet = computed(() => this.at('foot'));

  protected linkTo(row: T) {
    const commands = this.linkOf()?.(row) ?? null;
    return commands === null ? null : this.router.createUrlTree([...commands]);
  }

  private at(place: CardPlace): readonly ListColumn<T>[] {
    return this.columns()
      .slice(1)
      .filter((column) => column.place() === place);
  }
}
