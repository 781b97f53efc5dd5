from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("measures", "0004_coverage")]

    operations = []
