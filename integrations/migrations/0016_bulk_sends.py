from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integrations", "0015_webhook_seen")]

    operations = [
        migrations.AddField(model_name="sendbatch", name="rest", field=models.JSONField(default=list)),
        migrations.AddField(
            model_name="sendbatch", name="retried_by", field=models.CharField(blank=True, max_length=254)
        ),
        migrations.AddField(model_name="sendbatch", name="retried_at", field=models.DateTimeField(null=True)),
    ]
