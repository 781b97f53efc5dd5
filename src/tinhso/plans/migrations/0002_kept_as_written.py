from django.db import migrations

KEEP = """
create function plans_keep_line() returns trigger language plpgsql as $$
begin
  raise exception 'what is written here stays as it is' using errcode = 'restrict_violation';
end $$;
create trigger histories_stay_as_they_are before update or delete on plans_history
  for each row execute function plans_keep_line();
create trigger reminders_stay_as_they_are before update or delete on plans_reminder
  for each row execute function plans_keep_line();
create trigger drafts_are_never_edited before update on plans_plansnapshot
  for each row execute function plans_keep_line();
create trigger entries_of_money_stay_as_they_are before update or delete on plans_budgetentry
  for each row execute function plans_keep_line();
create function plans_keep_issued_plan() returns trigger language plpgsql as $$
begin
  if old.state = 'issued' then
    raise exception 'an issued plan stays as it is: adjust it by a new version' using errcode = 'restrict_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger issued_plans_stay_as_they_are before update or delete on plans_plan
  for each row execute function plans_keep_issued_plan();
create function plans_keep_issued_rows() returns trigger language plpgsql as $$
begin
  if exists (select from plans_plan p
             where p.id = case tg_op when 'INSERT' then new.plan_id else old.plan_id end and p.state in ('signed', 'issued')) then
    raise exception 'the annex of a signed plan stays as it is' using errcode = 'restrict_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger rows_of_signed_plans_stay_as_they_are before insert or update or delete on plans_planitem
  for each row execute function plans_keep_issued_rows();
create function plans_keep_target_report() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.answer <> '' or
     (new.target_id, new.office_id, new."on", new.numerator, new.denominator, new.reported_by_id, new.reported_at, new.file_id)
     is distinct from
     (old.target_id, old.office_id, old."on", old.numerator, old.denominator, old.reported_by_id, old.reported_at, old.file_id) then
    raise exception 'a report is answered once and never edited: report anew' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger reports_of_targets_are_answered_once before update or delete on plans_targetreport
  for each row execute function plans_keep_target_report();
create function plans_keep_parent() returns trigger language plpgsql as $$
begin
  if new.parent_id is not null and exists (select from plans_target p where p.id = new.parent_id
       and (p.counter <> '' or exists (select from plans_targetreport r where r.target_id = p.id))) then
    raise exception 'a target that counts by itself has no children: they would be counted twice' using errcode = 'restrict_violation';
  end if;
  if new.counter <> '' and exists (select from plans_target c where c.parent_id = new.id) then
    raise exception 'a target with children does not count by itself: they would be counted twice' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger parents_are_the_sum_of_their_children before insert or update on plans_target
  for each row execute function plans_keep_parent();
create function plans_keep_sum() returns trigger language plpgsql as $$
begin
  if exists (select from plans_target c where c.parent_id = new.target_id) then
    raise exception 'a target with children is their sum: report for a child' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger sums_are_not_reported before insert on plans_targetreport
  for each row execute function plans_keep_sum();
create function plans_keep_review_figure() returns trigger language plpgsql as $$
begin
  if exists (select from plans_review r
             where r.id = case tg_op when 'INSERT' then new.review_id else old.review_id end and r.state <> 'draft') then
    raise exception 'the figures of a submitted review stay as they are' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'UPDATE' then
    raise exception 'a locked figure is never edited: lock anew' using errcode = 'restrict_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger figures_of_reviews_stay_as_they_are before insert or update or delete on plans_reviewfigure
  for each row execute function plans_keep_review_figure();
create function plans_keep_review() returns trigger language plpgsql as $$
begin
  if old.state <> 'draft' and (tg_op = 'DELETE' or
     (new.first, new.last, new.frozen_at, new.figures_hash) is distinct from (old.first, old.last, old.frozen_at, old.figures_hash)) then
    raise exception 'a submitted review keeps its period and figures' using errcode = 'restrict_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger submitted_reviews_keep_their_figures before update or delete on plans_review
  for each row execute function plans_keep_review();
create function plans_keep_conclusion() returns trigger language plpgsql as $$
begin
  if old.issued_at is not null then
    raise exception 'an issued conclusion stays as it is' using errcode = 'restrict_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger issued_conclusions_stay_as_they_are before update or delete on plans_conclusion
  for each row execute function plans_keep_conclusion();
create function plans_keep_conclusion_line() returns trigger language plpgsql as $$
begin
  if exists (select from plans_conclusion c
             where c.id = case tg_op when 'INSERT' then new.conclusion_id else old.conclusion_id end and c.issued_at is not null) then
    raise exception 'the lines of an issued conclusion stay as they are' using errcode = 'restrict_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger lines_of_issued_conclusions_stay before insert or update or delete on plans_conclusionline
  for each row execute function plans_keep_conclusion_line();
"""
TRIGGERS = {
    "plans_history": "histories_stay_as_they_are",
    "plans_reminder": "reminders_stay_as_they_are",
    "plans_plansnapshot": "drafts_are_never_edited",
    "plans_budgetentry": "entries_of_money_stay_as_they_are",
    "plans_plan": "issued_plans_stay_as_they_are",
    "plans_planitem": "rows_of_signed_plans_stay_as_they_are",
    "plans_target": "parents_are_the_sum_of_their_children",
    "plans_review": "submitted_reviews_keep_their_figures",
    "plans_reviewfigure": "figures_of_reviews_stay_as_they_are",
    "plans_conclusion": "issued_conclusions_stay_as_they_are",
    "plans_conclusionline": "lines_of_issued_conclusions_stay",
}
FUNCTIONS = (
    "line issued_plan issued_rows target_report parent sum review_figure review conclusion conclusion_line"
)
DROP = "\n".join(
    [
        *(f"drop trigger {name} on {table};" for table, name in TRIGGERS.items()),
        "drop trigger reports_of_targets_are_answered_once on plans_targetreport;",
        "drop trigger sums_are_not_reported on plans_targetreport;",
        *(f"drop function plans_keep_{name}();" for name in FUNCTIONS.split()),
    ]
)


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, DROP)]
