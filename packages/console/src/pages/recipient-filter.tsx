import { useEffect, useState } from 'preact/hooks';
import { useFilters } from '../filters.ts';
import { PersonField } from './simulator/person-field.tsx';

/** Shows only what is for one user, who is found by any of their names. */
export function RecipientFilter() {
  const filters = useFilters();
  const chosen = filters.valueOf('recipient_id');
  const [typed, setTyped] = useState(chosen);
  useEffect(() => {
    if (typed.trim() === '' && chosen !== '') filters.set('recipient_id', '');
  }, [typed]);
  return (
    <PersonField
      label="Recipient"
      value={typed}
      onValue={setTyped}
      onUser={(user) => {
        if (user !== undefined && user.id !== chosen) filters.set('recipient_id', user.id);
      }}
    />
  );
}
