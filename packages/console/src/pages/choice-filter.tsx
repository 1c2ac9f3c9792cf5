import { useFilters } from '../filters.ts';
import { SelectField, type Choice } from '../ui/field.tsx';

interface ChoiceFilterProps {
  /** As the API names it. */
  name: string;
  label: string;
  /** That of the empty value shows everything. */
  choices: readonly Choice<string>[];
}

/** Shows only what has one of a few values. */
export function ChoiceFilter({ name, label, choices }: ChoiceFilterProps) {
  const filters = useFilters();
  return (
    <SelectField
      {...{ label, choices }}
      value={filters.valueOf(name)}
      onValue={(value) => filters.set(name, value)}
    />
  );
}
