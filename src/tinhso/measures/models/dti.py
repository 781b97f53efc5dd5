"""The Digital Transformation Index: sets, groups, criteria, assessments, evidence."""
