import pytest, subprocess, sys
from django.db import connection
def test_pure(): pass
def test_role(db, superuser, owner):
    with connection.cursor() as c:
        c.execute("select current_user, current_database()"); assert c.fetchone()[0]=="tinhso_app"
        c.execute("select tablename from pg_tables where schemaname='public'"); print(c.fetchall())
    assert superuser.execute("select current_user").fetchone()[0]=="postgres"
    assert owner.execute("select current_user").fetchone()[0]=="tinhso_owner"
@pytest.mark.parametrize("n",[1,2])
def test_tx(transactional_db, n):
    from django.contrib.sessions.models import Session
    from django.utils import timezone
    import datetime
    assert Session.objects.count()==0
    Session.objects.create(session_key="a", session_data="", expire_date=datetime.datetime(2030,1,1,tzinfo=datetime.UTC))
def test_sub(transactional_db):
    out=subprocess.run([sys.executable,"-c","import os;os.environ['DJANGO_SETTINGS_MODULE']='tinhso.config.settings';import django;django.setup();from django.db import connection as c;k=c.cursor();k.execute('select current_database()');print(k.fetchone())"],capture_output=True,text=True); assert "test_" in out.stdout, out
def test_net():
    import socket
    from tinhso.config.testing import NetworkNotReached
    with pytest.raises(NetworkNotReached): socket.create_connection(("192.0.2.1",80),timeout=1)
